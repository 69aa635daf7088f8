package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.Annotation.ObjectFile;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.ImportId;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Measures;
import io.millrace.dataset.Sample;
import io.millrace.dataset.SourceState;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.Usage;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.dataset.voc.VocCodec;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.layout.Outcome.Accepted;
import io.millrace.ingestion.probe.ImageType;
import io.millrace.ingestion.probe.Probed;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at the files of a sample: whether they are there, what the image's header says, what the
 * annotation file holds and whether that fits the image. A file that cannot be read is an outcome,
 * not a failure.
 */
public final class SampleInspector {
  private final Stores stores;
  private final InspectionRules rules;
  private final ImportId origin;
  private final Instant importedAt;
  private final VocCodec voc;

  public SampleInspector(
      Stores stores, InspectionRules rules, ImportId origin, Instant importedAt) {
    this.stores = requireNonNull(stores, "stores is null");
    this.rules = requireNonNull(rules, "rules is null");
    this.origin = requireNonNull(origin, "origin is null");
    this.importedAt = requireNonNull(importedAt, "importedAt is null");
    this.voc = new VocCodec(rules.limits());
  }

  /** An image of a directory, without annotations. */
  Outcome image(StoredObject file, Optional<Usage> usage, List<Note> notes) {
    return media(DatasetKind.IMAGE, file, usage, notes);
  }

  /** A file of a directory as a sample, without annotations: what its header says is in it. */
  Outcome media(DatasetKind kind, StoredObject file, Optional<Usage> usage, List<Note> notes) {
    Sample sample = Sample.of(file.uri(), kind, file.sizeBytes(), importedAt).withUsage(usage);
    return stored(new Accepted(sample, notes, 0), file);
  }

  /** The image with objects, as far as they fit it. */
  Outcome withObjects(Accepted image, List<Annotation> objects) {
    return BoxCheck.check(image.with(image.sample().withAnnotations(objects)), rules.boxPolicy());
  }

  /**
   * A file of text beside a sample, whole; one that is larger than annotation files may be is not
   * read.
   */
  TextFile text(StoredObject file) {
    long limit = rules.limits().annotationFileBytes();
    if (file.sizeBytes() > limit) {
      return new TextFile.Broken(
          file.uri(),
          RejectReason.ANNOTATION_TOO_LARGE,
          "The file has %d bytes, the limit (limits.annotationFileBytes) is %d."
              .formatted(file.sizeBytes(), limit));
    }
    try (InputStream bytes = stores.of(file.uri()).open(file.uri())) {
      return TextFile.of(file.uri(), bytes.readAllBytes());
    } catch (IOException e) {
      return new TextFile.Broken(file.uri(), RejectReason.UNREADABLE_FILE, e.getMessage());
    }
  }

  /** The image with the objects of its annotation file, as far as the two fit. */
  Outcome annotated(Accepted image, StoredObject annotation, LabelTaskType taskType) {
    Sample sample = image.sample();
    VocFile voc = voc(annotation);
    if (voc instanceof VocFile.Broken broken) {
      return broken.refusalOf(sample.source());
    }
    VocFile.Read read = (VocFile.Read) voc;
    return BoxCheck.check(
        image.with(
            sample.withAnnotations(List.copyOf(read.document().imageObjects(taskType))),
            read.notes(sample)),
        rules.boxPolicy());
  }

  /** The image that an annotation file says it is of; empty where the file cannot be read. */
  Optional<String> annotatedFileName(StoredObject annotation) {
    return voc(annotation) instanceof VocFile.Read read ? read.fileName() : Optional.empty();
  }

  /**
   * A sample as a line of a manifest, or something like it, describes it: its source looked up, its
   * annotation files replaced by the objects they hold.
   *
   * @param merged how many other lines are merged in it
   */
  Outcome line(Sample sample, long merged) {
    return source(new Accepted(sample.withCreatedAt(importedAt), List.of(), merged))
        .then(this::withObjectFilesRead)
        .then(accepted -> BoxCheck.check(accepted, rules.boxPolicy()));
  }

  private Outcome source(Accepted accepted) {
    Sample sample = accepted.sample();
    StorageUri source = sample.source();
    if (source.isContent()) {
      int bytes = source.path().getBytes(StandardCharsets.UTF_8).length;
      return accepted.with(sample.withSizeBytes(bytes).withOrigin(Optional.of(origin)));
    }
    try {
      Optional<StoredObject> file = stores.of(source).find(source);
      return file.isPresent()
          ? stored(accepted, file.get())
          : Outcome.refused(
              source, RejectReason.SOURCE_MISSING, "There is no such file; check the address.");
    } catch (IOException e) {
      return unreadable(source, e);
    } catch (DatasetException e) {
      return Outcome.refused(source, RejectReason.UNSUPPORTED_SOURCE, "%s", e.getMessage());
    }
  }

  /** The sample with what storage and header say of its file. */
  private Outcome stored(Accepted accepted, StoredObject file) {
    Sample sample =
        accepted
            .sample()
            .withSizeBytes(file.sizeBytes())
            .withSourceState(
                SourceState.UNKNOWN
                    .withModifiedAt(Optional.of(file.modifiedAt().truncatedTo(ChronoUnit.MICROS)))
                    .withEtag(file.etag()))
            .withOrigin(Optional.of(origin));
    return sample.kind() == DatasetKind.IMAGE
        ? probed(accepted.with(sample), file)
        : withinSize(accepted.with(sample), file);
  }

  private Outcome withinSize(Accepted accepted, StoredObject file) {
    if (file.sizeBytes() == 0) {
      return Outcome.refused(file.uri(), RejectReason.EMPTY_FILE, "The file has no bytes.");
    }
    return file.sizeBytes() <= rules.limits().sampleBytes()
        ? accepted
        : Outcome.refused(
            file.uri(),
            RejectReason.FILE_TOO_LARGE,
            "The file has %d bytes, the limit (limits.sampleBytes) is %d.",
            file.sizeBytes(),
            rules.limits().sampleBytes());
  }

  private Outcome probed(Accepted accepted, StoredObject file) {
    try {
      Probed probed =
          rules.probe().probe(() -> stores.of(file.uri()).open(file.uri()), file.sizeBytes());
      if (probed instanceof Probed.Refused refused) {
        return Outcome.refused(file.uri(), refused.reason(), "%s", refused.message());
      }
      Probed.Image image = (Probed.Image) probed;
      Optional<ImageType> claimed = ImageType.ofFileName(file.uri().fileName());
      boolean isMisnamed = claimed.isPresent() && claimed.get() != image.type();
      return accepted.with(
          accepted
              .sample()
              .withMeasures(Measures.ofImage(image.width(), image.height(), image.channels())),
          isMisnamed ? List.of(Note.TYPE_MISMATCH) : List.of());
    } catch (IOException e) {
      return unreadable(file.uri(), e);
    }
  }

  private Outcome withObjectFilesRead(Accepted accepted) {
    Sample sample = accepted.sample();
    List<Annotation> annotations = new ArrayList<>();
    List<Note> notes = new ArrayList<>();
    for (Annotation annotation : sample.annotations()) {
      if (!(annotation instanceof ObjectFile file)) {
        annotations.add(annotation);
        continue;
      }
      VocFile voc = voc(file.location());
      if (voc instanceof VocFile.Broken broken) {
        return broken.refusalOf(sample.source());
      }
      VocFile.Read read = (VocFile.Read) voc;
      annotations.addAll(read.document().imageObjects(file));
      notes.addAll(read.notes(sample));
    }
    return accepted.with(sample.withAnnotations(annotations), notes);
  }

  private VocFile voc(StorageUri address) {
    try {
      Optional<StoredObject> file = stores.of(address).find(address);
      return file.isPresent()
          ? voc(file.get())
          : new VocFile.Broken(address, RejectReason.ANNOTATION_MISSING, "There is no such file.");
    } catch (IOException e) {
      return new VocFile.Broken(address, RejectReason.UNREADABLE_FILE, e.getMessage());
    } catch (DatasetException e) {
      return new VocFile.Broken(address, RejectReason.UNSUPPORTED_SOURCE, e.getMessage());
    }
  }

  private VocFile voc(StoredObject file) {
    if (file.sizeBytes() > rules.limits().annotationFileBytes()) {
      return new VocFile.Broken(
          file.uri(),
          RejectReason.ANNOTATION_TOO_LARGE,
          "The file has %d bytes, the limit (limits.annotationFileBytes) is %d."
              .formatted(file.sizeBytes(), rules.limits().annotationFileBytes()));
    }
    try (InputStream bytes = stores.of(file.uri()).open(file.uri())) {
      return VocFile.of(file.uri(), voc.decode(bytes));
    } catch (IOException e) {
      return new VocFile.Broken(file.uri(), RejectReason.UNREADABLE_FILE, e.getMessage());
    }
  }

  private static Outcome unreadable(StorageUri source, IOException failure) {
    return failure instanceof FileNotFoundException
        ? Outcome.refused(source, RejectReason.SOURCE_MISSING, "The file is no longer there.")
        : Outcome.refused(source, RejectReason.UNREADABLE_FILE, "%s", failure.getMessage());
  }
}
