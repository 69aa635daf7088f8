package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Sample;
import io.millrace.dataset.SourceState;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.CopyMode;
import io.millrace.ingestion.ImportConfig;
import io.millrace.ingestion.ImportFilter;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.copy.SampleCopier;
import io.millrace.ingestion.layout.Outcome.Accepted;
import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;

/**
 * What happens last to a sample that is sound: it is taken or left out, and its bytes are copied.
 *
 * @param copy whether the copier copies what is taken
 */
public record Admission(ImportFilter filter, CopyMode copy, SampleCopier copier)
    implements Serializable {
  public Admission {
    requireNonNull(filter, "filter is null");
    requireNonNull(copy, "copy is null");
    requireNonNull(copier, "copier is null");
  }

  public static Admission of(ImportConfig config) {
    return new Admission(config.filter(), config.copy(), SampleCopier.into(config.dataset()));
  }

  /** What becomes of an outcome; only an accepted sample is concerned. */
  public Outcome admit(Outcome outcome, Stores stores) {
    return outcome.then(
        accepted ->
            filter
                .apply(accepted.sample())
                .map(sample -> copied(accepted.with(sample), stores))
                .orElseGet(() -> new Outcome.Aside(Note.LEFT_OUT)));
  }

  private Outcome copied(Accepted accepted, Stores stores) {
    Sample sample = accepted.sample();
    StorageUri source = sample.source();
    if (copy == CopyMode.REFERENCE || source.isContent()) {
      return accepted;
    }
    SourceState state = sample.sourceState();
    StoredObject original =
        new StoredObject(
            source, sample.sizeBytes(), state.modifiedAt().orElse(Instant.EPOCH), state.etag());
    try {
      return accepted.with(
          copier.copy(sample, original, stores.of(source), stores.of(copier.directory())).sample());
    } catch (IOException e) {
      return Outcome.refused(source, RejectReason.COPY_FAILED, "%s", e.getMessage());
    }
  }
}
