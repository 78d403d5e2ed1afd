/** The part of glicko2 that is measured; the package brings no types. */
declare module 'glicko2' {
  interface Settings {
    /** How fast volatility may change. */
    readonly tau?: number;
    /** Of new players. */
    readonly rating?: number;
    readonly rd?: number;
    readonly vol?: number;
  }
  interface Player {
    getRating(): number;
    getRd(): number;
    getVol(): number;
    predict(opponent: Player): number;
  }
  class Race {
    private readonly matches: unknown;
  }
  export class Glicko2 {
    constructor(settings?: Settings);
    makePlayer(rating?: number, rd?: number, vol?: number): Player;
    /** The players of a race, best first, those who tie together. */
    makeRace(places: readonly (readonly Player[])[]): Race;
    /** A match: two players and the share of the first, 1 for a win and 0.5 for a draw. */
    updateRatings(matches: readonly (readonly [Player, Player, number])[] | Race): void;
  }
}
