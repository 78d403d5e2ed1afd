import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

/** The description of the HTTP API, made of the controllers and DTOs. */
export function describeApi(app: NestExpressApplication): OpenAPIObject {
  const head = new DocumentBuilder()
    .setTitle('RankedServer')
    .setDescription(
      'Accounts, sessions, parties, profiles and leaderboards. Errors are problem details (RFC 9457).',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer' })
    .build();
  return withProblemType(SwaggerModule.createDocument(app, head));
}

/** Swagger knows one media type for all answers; problems have their own. */
function withProblemType(document: OpenAPIObject): OpenAPIObject {
  for (const path of Object.values(document.paths)) {
    for (const operation of [path.get, path.post, path.put, path.patch, path.delete]) {
      for (const response of Object.values(operation?.responses ?? {})) {
        if (response === undefined || '$ref' in response || !response.content) continue;
        const { 'application/json': json, ...others } = response.content;
        if (json?.schema && '$ref' in json.schema && json.schema.$ref.endsWith('/ProblemDto')) {
          response.content = { ...others, 'application/problem+json': json };
        }
      }
    }
  }
  return document;
}

/** Serves the description at `/docs-json` and a page to read and try it at `/docs`. All of the page comes from here. */
export function serveOpenApi(app: NestExpressApplication): void {
  SwaggerModule.setup('docs', app, describeApi(app), {
    jsonDocumentUrl: 'docs-json',
    raw: ['json'],
    customSiteTitle: 'RankedServer API',
    // Swagger's validator would be asked about the document at a host of its makers.
    swaggerOptions: { validatorUrl: null, persistAuthorization: false },
  });
}
