/** The worth of a model that was trained here: figures, mistakes with their pictures, calibration, the folders. */

import type { TrainedModel } from '../models.ts';
import { count, fileName, percent } from '../words.ts';
import { Calibration } from './calibration.tsx';
import { CurveView } from './curve-view.tsx';
import { Figures, Remarks } from './figures.tsx';

export function TrainedResult({ model }: { readonly model: TrainedModel }) {
  const { kind, heldOut, calibration, curve, sentences, remarks, labels, photos } = model;
  const photo = kind === 'people' ? 'photo' : 'picture';
  return (
    <>
      <section>
        <h2>On held-out {photo}s</h2>
        <Remarks remarks={remarks} />
        {heldOut === null ? (
          <p class="hint">
            No {photo} was held out: that takes three different ones of a{' '}
            {kind === 'people' ? 'person' : 'label'}.
          </p>
        ) : (
          <Figures
            figures={[{ name: kind === 'people' ? 'named rightly' : 'right label', share: heldOut }]}
          />
        )}
        {model.crossEntropy !== null && <p>Cross-entropy {model.crossEntropy.toFixed(3)}, in nats.</p>}
      </section>
      <Mistakes model={model} />
      <section>
        <h2>How it learned</h2>
        <CurveView curve={curve} />
        {curve.across === 'strength' && (
          <p class="hint">
            Each point is a layer that was held back so strongly
            {kind === 'people' ? '; the first is none at all: faces are told by their odds alone' : ''}.
            {model.kept && ` Kept: ${model.kept.at ?? 'none'}.`}
          </p>
        )}
      </section>
      <section>
        <h2>Probabilities</h2>
        {calibration && <Calibration calibration={calibration} />}
        {sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </section>
      <section>
        <h2>
          {count(photos, photo)} of{' '}
          {count(
            labels.length,
            kind === 'people' ? 'person' : 'label',
            kind === 'people' ? 'people' : 'labels',
          )}
        </h2>
        {/* biome-ignore lint: a long table is scrolled by keyboard */}
        <div class="scroll" tabIndex={0} role="region" aria-label="Folders">
          <table>
            <thead>
              <tr>
                <th scope="col">{kind === 'people' ? 'person' : 'label'}</th>
                <th scope="col">{photo}s</th>
                <th scope="col">held out</th>
              </tr>
            </thead>
            <tbody>
              {labels.map((one) => (
                <tr key={one.label}>
                  <th scope="row">{one.label}</th>
                  <td>{one.photos}</td>
                  <td>{one.heldOut}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <LeftOut model={model} />
      </section>
    </>
  );
}

function Mistakes({ model: { name, kind, mistakes, mistakesTotal } }: { readonly model: TrainedModel }) {
  if (mistakesTotal === 0) return null;
  const rest = mistakesTotal > mistakes.length ? `, the first ${mistakes.length}` : '';
  return (
    <section>
      <h2>
        Called wrongly: {mistakesTotal}
        {rest}
      </h2>
      <p class="hint">The surest first: where a picture lies in the wrong folder, it is among them.</p>
      <ul class="mistakes">
        {mistakes.map(({ path, label, answer, probability }, i) => (
          <li key={path}>
            <img
              src={`/api/v1/models/${encodeURIComponent(name)}/mistakes/${i}/picture`}
              alt={`${label}, called ${answer ?? 'unknown'}`}
              loading="lazy"
            />
            <span>
              is <b>{label}</b>
            </span>
            <span>
              called <b>{answer ?? 'unknown'}</b>
              {kind === 'people' && answer === null ? '' : `, ${percent(probability)}`}
            </span>
            <small class="path">{fileName(path)}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}

function LeftOut({ model: { leftOut, leftOutTotal } }: { readonly model: TrainedModel }) {
  if (leftOutTotal === 0) return null;
  return (
    <details>
      <summary>{count(leftOutTotal, 'file')} left out</summary>
      <ul>
        {leftOut.map(({ path, reason }) => (
          <li key={path}>
            <span class="path">{path}</span> {reason}
          </li>
        ))}
        {leftOutTotal > leftOut.length && <li>and {leftOutTotal - leftOut.length} more</li>}
      </ul>
    </details>
  );
}
