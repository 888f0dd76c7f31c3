import { describe, expect, test } from 'vitest';
import { postgresPlace } from '../../src/catalog/postgres-address.ts';

describe('the address of an album in a database', () => {
  test('names the schema, and shows no password', () => {
    expect(
      postgresPlace('postgres://ann:se:cr@et@db.example.org:5433/photos?album=family&sslmode=require'),
    ).toEqual({
      address: 'postgres://ann:se%3Acr%40et@db.example.org:5433/photos?sslmode=require',
      schema: 'whosin_family',
      place: 'postgres://ann@db.example.org:5433/photos?album=family&sslmode=require',
    });
    expect(postgresPlace('postgresql:///photos?host=%2Frun&password=secret')).toMatchObject({
      schema: 'whosin',
      place: 'postgresql:///photos?host=%2Frun&password=…',
    });
  });

  test.each([
    'postgres://',
    'postgres://host',
    'postgres://host/',
    'postgres://u:secret@host:port/x',
    'postgres://host/photos?album=Family',
    'postgres://host/photos?album=a"; drop schema whosin; --',
    `postgres://host/photos?album=${'a'.repeat(60)}`,
    'postgres://host/photos?album=',
  ])('%s is refused', (address) => {
    expect(() => postgresPlace(address)).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(() => postgresPlace(address)).not.toThrow(/secret/);
  });
});
