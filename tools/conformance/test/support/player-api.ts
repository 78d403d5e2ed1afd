/** What a login gives. */
export interface Login {
  readonly accessToken: string;
  readonly ticket: { readonly id: string; readonly secret: string };
  readonly rdv: { readonly host: string; readonly port: number };
  readonly masterPublicKey: string;
  readonly player: { readonly id: string };
}

export interface Answer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Headers and body as text. */
  readonly text: string;
}

/** The HTTP API as players use it. Every answer is kept. */
export class PlayerApi {
  readonly answers: Answer[] = [];
  readonly #base: string;

  constructor(port: number) {
    this.#base = `http://127.0.0.1:${port}`;
  }

  async call(method: string, path: string, options: { body?: object; token?: string } = {}): Promise<Answer> {
    const { body, token } = options;
    const response = await fetch(this.#base + path, {
      method,
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
    const answer = { method, path, status: response.status, text: `${headers}\n\n${await response.text()}` };
    this.answers.push(answer);
    return answer;
  }

  async register(username: string, password: string): Promise<void> {
    const { status, text } = await this.call('POST', '/v1/accounts', { body: { username, password } });
    if (status !== 201) throw new Error(`register ${username}: ${status} ${text}`);
  }

  async login(username: string, password: string): Promise<Login> {
    const { status, text } = await this.call('POST', '/v1/sessions', { body: { username, password } });
    if (status !== 201) throw new Error(`login ${username}: ${status} ${text}`);
    return JSON.parse(bodyOf(text)) as Login;
  }

  /** @returns the status */
  async logout(token: string): Promise<number> {
    return (await this.call('DELETE', '/v1/sessions/current', { token })).status;
  }
}

function bodyOf(text: string): string {
  return text.slice(text.indexOf('\n\n') + 2);
}
