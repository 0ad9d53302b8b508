import type * as z from 'zod';

/** The fields that a schema names, without unknown ones that a reader ignores. */
export type DocumentOf<Schema extends z.ZodType> = Named<z.output<Schema>>;

/**
 * Returns a schema unchanged, but does not compile if it and the type of the document differ in any field.
 * `satisfies z.ZodType<Document>` would let a schema name fields that the type does not have, and a loose
 * object leave out optional ones; this compares both for equality.
 */
export function schemaOf<Document>() {
  return <Schema extends z.ZodType>(schema: Schema & Matching<Schema, Document>): Schema => schema;
}

/** Any schema if both are the same; otherwise a type that nothing matches, with the fields that differ. */
type Matching<Schema extends z.ZodType, Document> =
  Same<DocumentOf<Schema>, Named<Document>> extends true
    ? unknown
    : { differing: Differences<DocumentOf<Schema>, Named<Document>> };

type Differences<A, B> = {
  [
    Name in keyof A | keyof B as Same<FieldOf<A, Name>, FieldOf<B, Name>> extends true
      ? never
      : Name
  ]: { schema: FieldOf<A, Name>; type: FieldOf<B, Name> };
};

type FieldOf<T, Name> = Name extends keyof T ? Pick<T, Name> : 'missing';

/** Two functions are assignable to each other only if the types they compare with are identical. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Recursively: named fields only, and optional ones without the `undefined` that zod adds. */
type Named<T> = T extends readonly (infer Item)[]
  ? Named<Item>[]
  : T extends object
    ? {
        [Name in keyof T as IsOpen<T, Name> extends true ? never : Name]: Named<
          Exclude<T[Name], undefined>
        >;
      }
    : T;

/** The index signature of a loose object. */
type IsOpen<T, Name extends keyof T> = string extends Name
  ? unknown extends T[Name]
    ? true
    : false
  : false;
