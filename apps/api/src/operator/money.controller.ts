import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ConnectionStore } from '#connections';
import { ApiBodyOf, ApiQueryOf, getParser, OperatorAccess, readBody, StreamedBody, WithinModules } from '#platform';
import { ReconciliationService } from '#reconciliation';
import {
  type BookingPreview,
  Bookings,
  BookingSettings,
  InvoiceDto,
  type InvoiceOffer,
  Invoices,
  MoneyDayDto,
  MoneyDifferenceDto,
  MoneyPages,
  MoneyQueryDto,
  MoneySettingsDto,
  type MoneySubject,
  type MoneyView,
  RegisterFileDto,
  type RegisterUpload,
  RegisterUploads,
} from '#settlement';

/** The money of a shop: registers of its services, compared with its deliveries and payments. */
@ApiTags('operator: money')
@OperatorAccess()
@Controller('operator/api/connections/:id/money')
export class MoneyController {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly pages: MoneyPages,
    private readonly uploads: RegisterUploads,
    private readonly reconciliation: ReconciliationService,
    private readonly bookings: Bookings,
    private readonly bookingSettings: BookingSettings,
    private readonly invoices: Invoices,
  ) {}

  /** Returns the same figures and differences as the account page. */
  @Get()
  @WithinModules('connection')
  @ApiQueryOf(MoneyQueryDto)
  async readMoney(@Param('id') id: string, @Query() query: MoneyQueryDto): Promise<MoneyView> {
    return this.pages.read(await this.connections.load(id), query);
  }

  /** Lists the deliveries or payments behind a figure. */
  @Get('subjects')
  @WithinModules('connection')
  @ApiQueryOf(MoneyDayDto)
  async listMoneySubjects(@Param('id') id: string, @Query() query: MoneyDayDto): Promise<{ items: MoneySubject[] }> {
    return { items: await this.pages.listSubjects(await this.connections.load(id), query) };
  }

  /** Returns the money of each delivery or payment as CSV. */
  @Get('file')
  @WithinModules('connection')
  @ApiProduces('text/csv')
  @ApiQueryOf(MoneyQueryDto)
  async exportMoney(
    @Param('id') id: string,
    @Query() query: MoneyQueryDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    void reply.type('text/csv; charset=utf-8');
    return this.pages.writeCsv(await this.connections.load(id), query);
  }

  /** Assigns or dismisses a difference. Returns the updated money. */
  @Put('differences/:difference')
  @WithinModules('connection')
  @ApiBodyOf(MoneyDifferenceDto)
  async changeMoneyDifference(@Param('id') id: string, @Param('difference') difference: string, @Body() body: unknown): Promise<MoneyView> {
    return this.pages.change(await this.connections.load(id), difference, getParser(MoneyDifferenceDto).parse(body));
  }

  /**
   * Shows the payments of an order, and enters a gateway's unknown payment in the CRM for the chosen one.
   * @throws 409 unless the shop has switched it on, or while it is being entered
   */
  @Post('differences/:difference/invoice')
  @WithinModules('connection')
  @HttpCode(200)
  @ApiBodyOf(InvoiceDto)
  async enterInvoice(@Param('id') id: string, @Param('difference') difference: string, @Body() body: unknown): Promise<InvoiceOffer> {
    return this.invoices.enter(await this.connections.load(id), difference, getParser(InvoiceDto).parse(body));
  }

  /** Stores how files are read, and when money is missing. */
  @Put('settings')
  @WithinModules('connection')
  @ApiBodyOf(MoneySettingsDto)
  async saveMoneySettings(@Param('id') id: string, @Body() body: unknown): Promise<MoneyView> {
    return this.pages.saveSettings(await this.connections.load(id), getParser(MoneySettingsDto).parse(body));
  }

  /**
   * Imports a register as a CSV file, completely or not at all, and compares the money again soon. `dryRun`
   * only checks the file, which has at most 32 MB.
   */
  @Post('registers')
  @WithinModules('connection')
  @ApiQueryOf(RegisterFileDto)
  @ApiBody({ schema: { type: 'string' }, description: 'The file.' })
  @ApiConsumes('text/csv')
  @HttpCode(200)
  @StreamedBody()
  async importRegister(@Param('id') id: string, @Query() query: object, @Req() request: FastifyRequest): Promise<RegisterUpload> {
    return readBody(request, async (bytes) => {
      const dto = getParser(RegisterFileDto).parse(query, 'query');
      return this.uploads.upload(await this.connections.load(id), dto, bytes);
    });
  }

  /**
   * Reads the registers of the last days and compares the money.
   * @throws 409 while the connection is being compared
   */
  @Post('comparisons')
  @WithinModules('connection')
  @HttpCode(202)
  async compareMoney(@Param('id') id: string): Promise<MoneyView> {
    const connection = await this.connections.load(id);
    await this.reconciliation.begin(connection, [], 'money');
    return this.pages.read(connection, {});
  }

  /** Shows what the shop's choices enter in the CRM: what was entered, what waits, and what cannot be. */
  @Get('bookings')
  @WithinModules('connection')
  async listBookings(@Param('id') id: string): Promise<BookingPreview> {
    const connection = await this.connections.load(id);
    const { costItem, paymentType, since } = await this.bookingSettings.read(connection.id);
    return this.bookings.preview(connection, {
      ...(costItem !== null && { costItem }),
      ...(paymentType !== null && { paymentType }),
      since,
    });
  }
}
