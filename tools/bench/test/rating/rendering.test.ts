import { renderComparison } from '../../src/rating/comparison-table.js';
import { reliabilityChart } from '../../src/rating/reliability-chart.js';

test('the table has a cell for every history, a star for the best and a dash for who cannot', () => {
  expect(
    renderComparison(
      'Title',
      ['One', 'Two'],
      [
        {
          name: 'ours',
          scores: new Map([
            ['One', { accuracy: 0.69, logLoss: 0.5781 }],
            ['Two', { accuracy: 0.5, logLoss: 0.7 }],
          ]),
        },
        { name: 'a peer', scores: new Map([['One', { accuracy: 0.7, logLoss: 0.58 }]]) },
      ],
    ),
  ).toEqual([
    'Title                 One              Two',
    'ours      69.00 / 0.5781*  50.00 / 0.7000*',
    'a peer    70.00 / 0.5800                 –',
  ]);
});

const bins = [
  { pairs: 400, predicted: 0.55, observed: 0.5 },
  { pairs: 400, predicted: 1, observed: 1 },
  { pairs: 3, predicted: 0.75, observed: 0 },
];

test('the picture has a panel for each history and leaves out what rests on few pairs', () => {
  const svg = reliabilityChart([
    { history: 'A & B', curves: [{ name: 'ours', bins }] },
    {
      history: 'C',
      curves: [
        { name: 'ours', bins },
        { name: 'peer <1>', bins: [] },
      ],
    },
  ]);
  expect(svg).toContain('>A &amp; B</text>');
  expect(svg).toContain('>peer &lt;1></text>');
  expect(svg.match(/<polyline/g)).toHaveLength(3);
  // From the lower left, where 0.5 predicted and 0.4 observed lie, to the upper right.
  expect(svg).toContain('points="30.0,250.0 300.0,0.0"');
  expect(svg).toContain('prefers-color-scheme:dark');
  expect(svg).not.toContain('NaN');
});
