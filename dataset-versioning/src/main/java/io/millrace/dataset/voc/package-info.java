/**
 * Pascal VOC: one XML file an image, with its objects.
 *
 * <p>{@link io.millrace.dataset.voc.VocCodec} turns a file into a {@link
 * io.millrace.dataset.voc.ParsedVoc} and back. Reading is strict; what ModelArts' guide and files
 * of the field spell oddly is read all the same, and nothing that the model does not know is lost.
 */
package io.millrace.dataset.voc;
