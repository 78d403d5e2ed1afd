const SKILL = { tauPerDay: 0.3, drawProbability: 0.2, hostAdvantage: 1, playerWorth: 10 };

/** One configuration per model, with every part of it at work. */
export const EVERY_MODEL = [
  { model: 'gaussian', ...SKILL, scoreWorth: 0.5, scoreNoise: 3 },
  { model: 'plackett-luce', ...SKILL },
  { model: 'bradley-terry', ...SKILL },
  { model: 'bradley-terry-part', ...SKILL, window: 1 },
  { model: 'thurstone-mosteller', ...SKILL },
  { model: 'thurstone-mosteller-part', ...SKILL, window: 1 },
  { model: 'glicko2', drawProbability: 0.2, hostAdvantage: 40, playerWorth: 50, periodDays: 10 },
];
