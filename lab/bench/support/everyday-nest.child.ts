import { Body, Controller, HttpCode, Injectable, Module, Post, ValidationPipe } from '@nestjs/common';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { CalculateDto, SaveDto } from '../../../libs/integrations/delivery/dto/callback.dto.js';
import { connectDatabase, JsonPipe, NestSaveEntity, replies, serveNest } from './nest-baseline.js';

@Injectable()
class EverydayService {
  constructor(@InjectRepository(NestSaveEntity) private readonly saves: Repository<NestSaveEntity>) {}

  calculate(_dto: CalculateDto): object {
    return replies.calculate;
  }

  async save(dto: SaveDto): Promise<object> {
    await this.saves.save(this.saves.create({ order: dto.order, body: dto }));
    return replies.save;
  }
}

/** Written like the documentation of Nest: global pipes, a service, `repository.save`, Nest's own log. */
@Controller()
class EverydayController {
  constructor(private readonly service: EverydayService) {}

  @Post('calculate')
  @HttpCode(200)
  calculate(@Body('calculate') dto: CalculateDto): object {
    return this.service.calculate(dto);
  }

  @Post('save')
  @HttpCode(200)
  save(@Body('save') dto: SaveDto): Promise<object> {
    return this.service.save(dto);
  }
}

@Module({
  imports: [connectDatabase(), TypeOrmModule.forFeature([NestSaveEntity])],
  controllers: [EverydayController],
  providers: [EverydayService],
})
class EverydayModule {}

await serveNest(EverydayModule, {}, (app) => app.useGlobalPipes(new JsonPipe(), new ValidationPipe({ whitelist: true, transform: true })));
