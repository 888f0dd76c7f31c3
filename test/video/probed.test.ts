/** Values of ffprobe are believed as far as it has the form that it should have: found by fuzzing. */

import { describe, expect, test } from 'vitest';
import { videoOf } from '../../src/video/probe.ts';

const picture = {
  index: 2,
  codec_type: 'video',
  codec_name: 'h264',
  width: 1920,
  height: 1080,
  avg_frame_rate: '30000/1001',
  side_data_list: [{ side_data_type: 'Display Matrix', rotation: -90 }],
};
const probed = (...streams: unknown[]): string => JSON.stringify({ streams, format: { duration: '12.5' } });

test('a clip of a phone is upright, with its own frame rate, length and stream', () => {
  const cover = { codec_type: 'video', width: 4000, height: 4000, disposition: { attached_pic: 1 } };
  expect(videoOf(probed(cover, picture, { codec_type: 'audio', codec_name: 'aac' }), 'clip.mp4')).toEqual({
    path: 'clip.mp4',
    width: 1080,
    height: 1920,
    stream: 2,
    duration: 12.5,
    frameRate: 30000 / 1001,
    sound: 'aac',
  });
});

describe('is refused with a sentence', () => {
  test.each([
    ['cut off', probed(picture).slice(0, 40), 'damaged-video'],
    ['nothing', '', 'damaged-video'],
    ['null', 'null', 'not-a-video'],
    ['streams that are none', '{"streams":7}', 'not-a-video'],
    ['a stream that is null', '{"streams":[null]}', 'not-a-video'],
    ['a size in words', probed({ ...picture, width: 'wide' }), 'damaged-video'],
  ])('%s', (_what, json, code) => {
    expect(() => videoOf(json, 'clip.mp4')).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(/^clip\.mp4 /) }),
    );
  });

  test('and values of the wrong kind are as if they were missing', () => {
    const odd = { ...picture, avg_frame_rate: 30, sample_aspect_ratio: [1], tags: 'no', side_data_list: {} };
    expect(videoOf(probed(odd), 'clip.mp4')).toMatchObject({ width: 1920, height: 1080, frameRate: 25 });
  });
});
