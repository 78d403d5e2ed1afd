/** Notices remembered per connection; a player has one live match, so a few would do. */
const REMEMBERED = 32;

/**
 * Which notices went out on which connection. Rows say what a player should know; this keeps a notice from going out
 * twice on one connection while its row is still being marked.
 */
export class Told {
  private readonly notices = new WeakMap<object, Set<string>>();

  /** True the first time. */
  first(connection: object, notice: string): boolean {
    let told = this.notices.get(connection);
    if (!told) this.notices.set(connection, (told = new Set()));
    if (told.has(notice)) return false;
    const oldest = told.values().next();
    if (told.size >= REMEMBERED && !oldest.done) told.delete(oldest.value);
    told.add(notice);
    return true;
  }
}
