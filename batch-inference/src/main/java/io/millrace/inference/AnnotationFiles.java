package io.millrace.inference;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Limits;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.voc.ParsedVoc;
import io.millrace.dataset.voc.VocCodec;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the Pascal VOC files that lines of a manifest name, where labels are to be compared. */
final class AnnotationFiles {
  private static final Logger log = LoggerFactory.getLogger(AnnotationFiles.class);

  private final VocCodec codec = new VocCodec(Limits.DEFAULT);

  /**
   * The annotations with the objects of a file in place of each {@link Annotation.ObjectFile}. A
   * file that cannot be read is left out with a warning: the image is scored, and not compared.
   */
  List<Annotation> open(List<Annotation> annotations) {
    return annotations.stream()
        .flatMap(
            annotation ->
                annotation instanceof Annotation.ObjectFile file
                    ? objects(file)
                    : Stream.of(annotation))
        .toList();
  }

  private Stream<Annotation> objects(Annotation.ObjectFile file) {
    try (InputStream stream = ObjectStores.of(file.location()).open(file.location())) {
      ParsedVoc parsed = codec.decode(stream);
      if (parsed instanceof ParsedVoc.Accepted accepted) {
        return accepted.document().imageObjects(file).stream().map(Annotation.class::cast);
      } else if (parsed instanceof ParsedVoc.Rejected rejected) {
        log.warn("Left out labels: {}", rejected.describe(file.location().toString()));
      }
    } catch (IOException | DatasetException e) {
      log.warn("Left out the labels in {}: {}", file.location(), e.getMessage());
    }
    return Stream.empty();
  }
}
