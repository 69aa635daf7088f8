/**
 * ModelArts' manifest: JSON Lines, one sample a line.
 *
 * <p>{@link io.millrace.dataset.manifest.ManifestCodec} turns a line into a {@link
 * io.millrace.dataset.manifest.ParsedLine} and back; {@link
 * io.millrace.dataset.manifest.ManifestReader} and {@link
 * io.millrace.dataset.manifest.ManifestWriter} stream whole files. A line that cannot be used is
 * data as well: it is rejected with its place and reason, and the next one is read.
 */
package io.millrace.dataset.manifest;
