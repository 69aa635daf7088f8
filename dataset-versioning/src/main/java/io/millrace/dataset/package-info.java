/**
 * The shared language of Millrace: what a dataset, a sample and an annotation <em>are</em>.
 *
 * <p>Every type here is an immutable value whose constructor refuses what cannot be: a record that
 * exists is valid. The package imports nothing but the JDK, so that every engine, format and job
 * can lean on it; formats (manifest, VOC, rows) live in packages of their own and know these types,
 * never the other way round.
 */
package io.millrace.dataset;
