package io.millrace.dataset.delta.spark;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Limits;
import io.millrace.dataset.labels.RefusedLabel.Reason;
import io.millrace.dataset.storage.ObjectStores;
import io.millrace.dataset.storage.StorageSettings;
import io.millrace.dataset.voc.ParsedVoc;
import io.millrace.dataset.voc.VocCodec;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Puts the objects of the Pascal VOC files that suggestions name in place of the files' addresses.
 * A line with a file that cannot be read is refused whole.
 */
final class OpenObjectFiles implements MapFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final StorageSettings storage;
  private final Limits limits;

  OpenObjectFiles(StorageSettings storage, Limits limits) {
    this.storage = storage;
    this.limits = limits;
  }

  @Override
  public Row call(Row line) {
    int at = line.fieldIndex("annotations");
    if (line.isNullAt(at)) {
      return line;
    }
    List<Annotation> annotations = new ArrayList<>();
    boolean hasFiles = false;
    for (Row row : line.<Row>getList(at)) {
      Annotation annotation = AnnotationRows.toAnnotation(row);
      if (annotation instanceof Annotation.ObjectFile file) {
        hasFiles = true;
        try {
          annotations.addAll(objects(file));
        } catch (IOException | DatasetException e) {
          return refused(line, file, e.getMessage());
        }
      } else {
        annotations.add(annotation);
      }
    }
    return hasFiles ? opened(line, annotations) : line;
  }

  private List<Annotation.ImageObject> objects(Annotation.ObjectFile file) throws IOException {
    try (InputStream stream = ObjectStores.of(file.location(), storage).open(file.location())) {
      ParsedVoc parsed = new VocCodec(limits).decode(stream);
      if (parsed instanceof ParsedVoc.Accepted accepted) {
        return accepted.document().imageObjects(file);
      }
      ParsedVoc.Rejected rejected = (ParsedVoc.Rejected) parsed;
      throw new DatasetException(rejected.message());
    }
  }

  private static Row opened(Row line, List<Annotation> annotations) {
    return RowFactory.create(
        line.get(0),
        line.get(1),
        line.get(2),
        line.get(3),
        annotations.stream().map(AnnotationRows::toRow).toArray(Row[]::new),
        null,
        null);
  }

  private static Row refused(Row line, Annotation.ObjectFile file, String why) {
    return RowFactory.create(
        line.get(0),
        line.get(1),
        line.get(2),
        line.get(3),
        null,
        Reason.BROKEN_ANNOTATION_FILE.name(),
        "line %d: %s: %s".formatted(line.getLong(0), file.location(), why));
  }
}
