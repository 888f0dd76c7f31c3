import { expect, test } from 'vitest';
import { readRobots } from '../../../src/collect/web/robots.ts';

const at = new URL('https://a.example/robots.txt');
const read = (text: string, status = 200) => readRobots(at, { status, text }, 'whosin');

test('a delay that a site asks for is kept, up to half a minute', () => {
  expect(read('User-agent: *\nCrawl-delay: 7').delay).toBe(7);
  expect(read('User-agent: *\nCrawl-delay: 3600').delay).toBe(30);
  expect(read('User-agent: other\nCrawl-delay: 7').delay).toBe(0);
  expect(read('User-agent: *\nCrawl-delay: soon').delay).toBe(0);
});

test('what is no robots.txt forbids nothing', () => {
  expect(read('<!doctype html><p>Welcome').allows(new URL('https://a.example/x'))).toBe(true);
  expect(read('').allows(new URL('https://a.example/x'))).toBe(true);
});

test('the longest rule that fits counts, with its wildcards', () => {
  const rules = read('User-agent: *\nDisallow: /a/\nAllow: /a/*.jpg$');
  expect(rules.allows(new URL('https://a.example/a/1.png'))).toBe(false);
  expect(rules.allows(new URL('https://a.example/a/1.jpg'))).toBe(true);
});
