import type { QueueConfigView } from '../../api/contract.js';
import { countText, wholeText } from '../../format/number-text.js';
import { Fact, Facts } from '../../ui/facts.js';
import { JsonDisclosure } from '../../ui/json-disclosure.js';

/** A queue's rules, as the masters run them. */
export function QueueConfig({ config }: { config: QueueConfigView }) {
  const { window, rating, ranks } = config;
  return (
    <>
      <Facts>
        <Fact name="Teams">
          {countText(config.teams, 'team')} of {wholeText(config.size)}
        </Fact>
        <Fact name="Rating model">{rating.model}</Fact>
        <Fact name="Window at first">{`±${wholeText(window.initial)}`}</Fact>
        <Fact name="Window grows">{`${wholeText(window.perSecond)} per second`}</Fact>
        <Fact name="Window at most">{`±${wholeText(window.max)}`}</Fact>
        <Fact name="Last resort after">{`${wholeText(window.lastResortAfter)} s`}</Fact>
        {ranks === undefined ? null : <Fact name="Provisional matches">{wholeText(ranks.provisional)}</Fact>}
        {ranks?.tiers === undefined ? null : (
          <Fact name="Tiers">
            {ranks.tiers.map((tier) => `${tier.name} from ${wholeText(tier.from)}`).join(', ')}
          </Fact>
        )}
      </Facts>
      <JsonDisclosure title={`All of ${config.name}`} value={config} />
    </>
  );
}
