import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiBodyOf, ApiQueryOf, getParser, readBody, StreamedBody } from '#platform';
import {
  type BookingPreview,
  Bookings,
  BookingSettings,
  BookingSettingsDto,
  type BookingSettingsView,
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
import { PageCallers } from './page-callers.js';

/** The money on an account's page: its figures, its registers, and what is entered in the CRM. */
@ApiTags('account page')
@Controller(':module/account')
export class AccountMoneyController {
  constructor(
    private readonly callers: PageCallers,
    private readonly money: MoneyPages,
    private readonly registerUploads: RegisterUploads,
    private readonly bookings: Bookings,
    private readonly bookingSettings: BookingSettings,
    private readonly invoices: Invoices,
  ) {}

  /** Returns the money of the connection by service and day, and its differences. */
  @Get('api/money')
  @ApiQueryOf(MoneyQueryDto)
  async readAccountMoney(@Param('module') code: string, @Req() request: FastifyRequest, @Query() query: MoneyQueryDto): Promise<MoneyView> {
    return this.money.read(await this.callers.find(code, request), query);
  }

  /** Lists the deliveries or payments behind a figure. */
  @Get('api/money/subjects')
  @ApiQueryOf(MoneyDayDto)
  async listAccountMoneySubjects(
    @Param('module') code: string,
    @Req() request: FastifyRequest,
    @Query() query: MoneyDayDto,
  ): Promise<{ items: MoneySubject[] }> {
    return { items: await this.money.listSubjects(await this.callers.find(code, request), query) };
  }

  /** Returns the money of each delivery or payment as CSV. */
  @Get('api/money/file')
  @ApiProduces('text/csv')
  @ApiQueryOf(MoneyQueryDto)
  async exportAccountMoney(
    @Param('module') code: string,
    @Req() request: FastifyRequest,
    @Query() query: MoneyQueryDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    void reply.type('text/csv; charset=utf-8');
    return this.money.writeCsv(await this.callers.find(code, request), query);
  }

  /** Assigns or dismisses a difference in money. Returns the updated money. */
  @Put('api/money/differences/:id')
  @ApiBodyOf(MoneyDifferenceDto)
  async changeAccountMoneyDifference(
    @Param('module') code: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Body() body: unknown,
  ): Promise<MoneyView> {
    return this.money.change(await this.callers.find(code, request), id, getParser(MoneyDifferenceDto).parse(body));
  }

  /**
   * Shows the payments of an order, and enters a gateway's unknown payment in the CRM for the chosen one.
   * @throws 409 unless it is switched on, or while it is being entered
   */
  @Post('api/money/differences/:id/invoice')
  @HttpCode(200)
  @ApiBodyOf(InvoiceDto)
  async enterAccountInvoice(
    @Param('module') code: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Body() body: unknown,
  ): Promise<InvoiceOffer> {
    return this.invoices.enter(await this.callers.find(code, request), id, getParser(InvoiceDto).parse(body));
  }

  /** Stores how files of registers are read, and when money is missing. */
  @Put('api/money/settings')
  @ApiBodyOf(MoneySettingsDto)
  async saveAccountMoneySettings(@Param('module') code: string, @Req() request: FastifyRequest, @Body() body: unknown): Promise<MoneyView> {
    return this.money.saveSettings(await this.callers.find(code, request), getParser(MoneySettingsDto).parse(body));
  }

  /**
   * Imports a register as a CSV file, completely or not at all, and compares the money again soon. `dryRun`
   * only checks the file, which has at most 32 MB.
   */
  @Post('api/money/registers')
  @ApiQueryOf(RegisterFileDto)
  @ApiBody({ schema: { type: 'string' }, description: 'The file.' })
  @ApiConsumes('text/csv')
  @HttpCode(200)
  @StreamedBody()
  async importAccountRegister(
    @Param('module') code: string,
    @Req() request: FastifyRequest,
    @Query() query: object,
  ): Promise<RegisterUpload> {
    return readBody(request, async (bytes) => {
      const connection = await this.callers.find(code, request);
      return this.registerUploads.upload(connection, getParser(RegisterFileDto).parse(query, 'query'), bytes);
    });
  }

  /** Returns what is entered in the CRM, and what the CRM has to choose from. */
  @Get('api/bookings')
  async readBookingSettings(@Param('module') code: string, @Req() request: FastifyRequest): Promise<BookingSettingsView> {
    return this.bookingSettings.show(await this.callers.find(code, request));
  }

  /** Stores what is entered in the CRM. Further scopes are requested if it needs them. */
  @Put('api/bookings')
  @ApiBodyOf(BookingSettingsDto)
  async saveBookingSettings(
    @Param('module') code: string,
    @Req() request: FastifyRequest,
    @Body() body: unknown,
  ): Promise<BookingSettingsView> {
    const choices = getParser(BookingSettingsDto).parse(body);
    return this.bookingSettings.save(await this.callers.find(code, request), choices);
  }

  /** Shows what these choices would enter in the CRM, and what was entered. Enters nothing. */
  @Post('api/bookings/preview')
  @HttpCode(200)
  @ApiBodyOf(BookingSettingsDto)
  async previewBookings(@Param('module') code: string, @Req() request: FastifyRequest, @Body() body: unknown): Promise<BookingPreview> {
    const choices = getParser(BookingSettingsDto).parse(body);
    return this.bookings.preview(await this.callers.find(code, request), choices);
  }
}
