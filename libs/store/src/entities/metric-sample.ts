import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { NodeSample } from '../node-sample.js';
import { bigint, jsonText, text } from './columns.js';

/** What a master saw of itself and of the rows at one moment, for plots. Those of the last hour are kept. */
@Entity('metric_sample')
export class MetricSample {
  /** Unix ms, by that master's clock. */
  @PrimaryColumn(bigint) at: number;
  @PrimaryColumn(text) nodeId: string;
  @Column(jsonText) sample: NodeSample;
}
