import { Body, Controller, HttpCode, Module, Post, ValidationPipe } from '@nestjs/common';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { CalculateDto, SaveDto } from '../../../libs/integrations/delivery/dto/callback.dto.js';
import { connectDatabase, JsonPipe, NestSaveEntity, replies, serveNest } from './nest-baseline.js';

const validation = new ValidationPipe({ transform: true });

/** As little as Nest needs: one controller, our DTO classes in ValidationPipe, one insert, no log. */
@Controller()
class LeanController {
  constructor(@InjectRepository(NestSaveEntity) private readonly saves: Repository<NestSaveEntity>) {}

  @Post('calculate')
  @HttpCode(200)
  calculate(@Body('calculate', JsonPipe, validation) _dto: CalculateDto): object {
    return replies.calculate;
  }

  @Post('save')
  @HttpCode(200)
  async save(@Body('save', JsonPipe, validation) dto: SaveDto): Promise<object> {
    await this.saves.insert({ order: dto.order, body: dto });
    return replies.save;
  }
}

@Module({ imports: [connectDatabase(), TypeOrmModule.forFeature([NestSaveEntity])], controllers: [LeanController] })
class LeanModule {}

await serveNest(LeanModule, { logger: false });
