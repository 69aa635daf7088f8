/**
 * Bringing data into a dataset: what an import is asked to do, and what it reports.
 *
 * <pre>
 * directory or manifest -layout-> entries -probe, boxes-> accepted samples + named rejects
 *   -spark-> one commit to the dataset, one report
 * </pre>
 *
 * <p>This package holds the settings and the report and no engine. {@code .layout} knows how
 * directories and manifests are laid out, {@code .probe} what an image's header says; both are pure
 * and tested without Spark. {@code .spark} runs them at scale.
 */
package io.millrace.ingestion;
