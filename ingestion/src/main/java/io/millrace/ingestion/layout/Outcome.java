package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What became of an input. */
public sealed interface Outcome {

  /** The outcome of the next step for a sample that is still accepted; any other stays as it is. */
  default Outcome then(Function<Accepted, Outcome> step) {
    return this instanceof Accepted accepted ? step.apply(accepted) : this;
  }

  static Refused refused(
      StorageUri source, RejectReason reason, String template, Object... arguments) {
    return new Refused(source.toString(), reason, String.format(Locale.ROOT, template, arguments));
  }

  /**
   * A sample to be imported.
   *
   * @param notes one element for each time something worth telling was met
   * @param merged how many other inputs of the same id are merged in it
   */
  record Accepted(Sample sample, List<Note> notes, long merged) implements Outcome {
    public Accepted {
      requireNonNull(sample, "sample is null");
      notes = List.copyOf(notes);
    }

    Accepted with(Sample sample) {
      return new Accepted(sample, notes, merged);
    }

    Accepted with(Sample sample, List<Note> moreNotes) {
      List<Note> all = new ArrayList<>(notes);
      all.addAll(moreNotes);
      return new Accepted(sample, all, merged);
    }
  }

  /**
   * An input that is refused.
   *
   * @param source the file, or the manifest and the line
   * @param message a sentence for the user, with the offending value
   */
  record Refused(String source, RejectReason reason, String message) implements Outcome {
    public Refused {
      requireNonNull(source, "source is null");
      requireNonNull(reason, "reason is null");
      requireNonNull(message, "message is null");
    }
  }

  /** Something that is no input, and worth telling. */
  record Aside(Note note) implements Outcome {
    public Aside {
      requireNonNull(note, "note is null");
    }
  }
}
