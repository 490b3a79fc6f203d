import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type HostedModule, HostedModules } from '#connections';
import { notFound } from '#platform';

type ModuleRequest = FastifyRequest<{ Params: { module: string } }> & { module?: HostedModule };

/** Finds the module in the path before the body is parsed. Throws CallbackError 404 if it is not hosted. */
@Injectable()
export class ModuleGuard implements CanActivate {
  constructor(private readonly modules: HostedModules) {}

  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<ModuleRequest>();
    const module = this.modules.get(request.params.module);
    if (!module) throw notFound('module', request.params.module);
    request.module = module;
    return true;
  }
}

/** The module found by `ModuleGuard`. */
export const CurrentModule = createParamDecorator((_: unknown, context: ExecutionContext): HostedModule => {
  const { module } = context.switchToHttp().getRequest<ModuleRequest>();
  if (!module) throw new Error('CurrentModule needs ModuleGuard');
  return module;
});
