package io.millrace.ingestion.spark;

import io.millrace.dataset.StorageUri;
import io.millrace.dataset.delta.spark.SampleRows;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.layout.LayoutEntry;
import io.millrace.ingestion.layout.LayoutEntry.AnnotationFile;
import io.millrace.ingestion.layout.LayoutEntry.Broken;
import io.millrace.ingestion.layout.LayoutEntry.Described;
import io.millrace.ingestion.layout.LayoutEntry.ImageSet;
import io.millrace.ingestion.layout.LayoutEntry.MediaFile;
import io.millrace.ingestion.layout.LayoutEntry.OtherFile;
import io.millrace.ingestion.layout.LayoutEntry.Remark;
import io.millrace.ingestion.layout.LayoutEntry.SetMember;
import java.sql.Timestamp;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The one mapping between entries of a layout and the rows that carry them from the task that found
 * them to the one that inspects them. The first cell says which kind of entry it is; the rows live
 * within one import and are never stored.
 */
final class EntryRows {
  private static final String MEDIA = "media";
  private static final String ANNOTATION = "annotation";
  private static final String MEMBER = "member";
  private static final String OTHER = "other";
  private static final String REMARK = "remark";
  private static final String DESCRIBED = "described";
  private static final String BROKEN = "broken";

  private EntryRows() {}

  static Row toRow(LayoutEntry entry) {
    if (entry instanceof MediaFile media) {
      return fileRow(MEDIA, media.key(), media.file());
    }
    if (entry instanceof AnnotationFile annotation) {
      return fileRow(ANNOTATION, annotation.key(), annotation.file());
    }
    if (entry instanceof SetMember member) {
      return RowFactory.create(MEMBER, member.key(), member.set().name());
    }
    if (entry instanceof OtherFile other) {
      return RowFactory.create(OTHER, other.key());
    }
    if (entry instanceof Remark remark) {
      return RowFactory.create(REMARK, remark.key(), remark.note().name());
    }
    if (entry instanceof Described described) {
      return RowFactory.create(
          DESCRIBED,
          described.key(),
          described.file().value(),
          described.line(),
          SampleRows.toRow(described.sample()));
    }
    if (entry instanceof Broken broken) {
      return RowFactory.create(
          BROKEN, broken.key(), broken.source(), broken.reason().name(), broken.message());
    }
    throw new IllegalStateException("Unknown entry: " + entry);
  }

  static LayoutEntry toEntry(Row row) {
    String key = row.getString(1);
    return switch (row.getString(0)) {
      case MEDIA -> new MediaFile(key, file(row));
      case ANNOTATION -> new AnnotationFile(key, file(row));
      case MEMBER -> new SetMember(key, ImageSet.valueOf(row.getString(2)));
      case OTHER -> new OtherFile(key);
      case REMARK -> new Remark(key, Note.valueOf(row.getString(2)));
      case DESCRIBED ->
          new Described(
              key,
              StorageUri.parse(row.getString(2)),
              row.getLong(3),
              SampleRows.toSample(row.getStruct(4)));
      case BROKEN ->
          new Broken(
              key, row.getString(2), RejectReason.valueOf(row.getString(3)), row.getString(4));
      default -> throw new IllegalStateException("Unknown entry: " + row.getString(0));
    };
  }

  private static Row fileRow(String type, String key, StoredObject file) {
    return RowFactory.create(
        type, key, file.uri().value(), file.sizeBytes(), Timestamp.from(file.modifiedAt()));
  }

  private static StoredObject file(Row row) {
    return new StoredObject(
        StorageUri.parse(row.getString(2)), row.getLong(3), row.getTimestamp(4).toInstant());
  }
}
