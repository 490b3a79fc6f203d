import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsNotEmpty, IsOptional, IsString, MaxLength, Min, ValidateNested } from 'class-validator';

/* The gateway's webhooks about templates, and the templates of its messages, in its own format. */

/** A file by its id at the gateway. */
export class TemplateFileDto {
  @IsString() @IsNotEmpty() @MaxLength(255) id!: string;
}

/** Content of a header: a text with `body`, or a file. */
export class TemplateHeaderContentDto {
  @IsString() @MaxLength(50) type!: string;
  @IsOptional() @IsString() @MaxLength(4_096) body?: string;
}

/** Header of a template. */
export class TemplateHeaderDto {
  @ValidateNested() @Type(() => TemplateHeaderContentDto) content!: TemplateHeaderContentDto;
}

/** A button of a template. */
export class TemplateButtonDto {
  @IsIn(['plain', 'phone', 'url']) type!: 'plain' | 'phone' | 'url';
  @IsString() @IsNotEmpty() @MaxLength(255) label!: string;
  @IsOptional() @IsString() @MaxLength(255) phone?: string;
  @IsOptional() @IsString() @MaxLength(4_096) url?: string;
}

/** Buttons of a template. */
export class TemplateButtonsDto {
  @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => TemplateButtonDto) items!: TemplateButtonDto[];
}

/** Sample values of a template. `buttons` has a list for each button. */
export class TemplateExampleDto {
  @IsOptional() @IsArray() @ArrayMaxSize(100) @IsString({ each: true }) header?: string[];
  @IsOptional() @IsArray() @ArrayMaxSize(100) @IsString({ each: true }) body?: string[];
  @IsOptional() @IsArray() @ArrayMaxSize(100) @IsArray({ each: true }) buttons?: string[][];
  @IsOptional() @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => TemplateFileDto) attachments?: TemplateFileDto[];
}

/** `data` of `template_create`. */
export class TemplateContentDto {
  @IsInt() @Min(1) channel_id!: number;
  @IsString() @IsNotEmpty() @MaxLength(512) name!: string;
  @IsString() @IsNotEmpty() @MaxLength(20) lang!: string;
  @IsOptional() @IsString() @MaxLength(50) category?: string;
  @IsString() @IsNotEmpty() @MaxLength(65_535) body!: string;
  @IsOptional() @ValidateNested() @Type(() => TemplateHeaderDto) header?: TemplateHeaderDto;
  @IsOptional() @IsString() @MaxLength(4_096) footer?: string;
  @IsOptional() @ValidateNested() @Type(() => TemplateButtonsDto) buttons?: TemplateButtonsDto;
  @IsOptional() @ValidateNested() @Type(() => TemplateExampleDto) example?: TemplateExampleDto;
}

/** `data` of `template_update`. */
export class TemplateUpdateDto extends TemplateContentDto {
  @IsString() @IsNotEmpty() @MaxLength(512) code!: string;
}

/** `data` of `template_delete`. One of the vendor's clients has only these fields. */
export class TemplateDeleteDto {
  @IsInt() @Min(1) channel_id!: number;
  @IsString() @IsNotEmpty() @MaxLength(512) code!: string;
}

/** Values of a template's header: texts, or a file. */
export class HeaderValuesDto {
  @IsOptional() @IsArray() @ArrayMaxSize(100) @IsString({ each: true }) args?: string[];
  @IsOptional() @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => TemplateFileDto) attachments?: TemplateFileDto[];
}

/** Values of a template's body or of a button. Older webhooks have no type of a button. */
export class TextValuesDto {
  @IsOptional() @IsArray() @ArrayMaxSize(100) @IsString({ each: true }) args?: string[];
}

/** Values of a template. `buttons` has an entry for each button of the template, in its order. */
export class TemplateVariablesDto {
  @IsOptional() @ValidateNested() @Type(() => HeaderValuesDto) header?: HeaderValuesDto;
  @IsOptional() @ValidateNested() @Type(() => TextValuesDto) body?: TextValuesDto;
  @IsOptional() @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => TextValuesDto) buttons?: TextValuesDto[];
}

/** A template that a manager sends. */
export class TemplateUseDto {
  @IsString() @IsNotEmpty() @MaxLength(512) code!: string;
  @IsOptional() @ValidateNested() @Type(() => TemplateVariablesDto) variables?: TemplateVariablesDto;
}
