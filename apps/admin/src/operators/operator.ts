/** Who acts: what the second lock found out about a connection. */
export interface Operator {
  /** Common name of the client certificate. */
  readonly name: string;
  /** Lower-case hexadecimal. */
  readonly serial: string;
  /** Unix ms. */
  readonly certificateExpiresAt: number;
  /** Where the connection comes from, IPv4 in its plain form. */
  readonly address: string;
}
