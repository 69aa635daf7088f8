package io.millrace.dataset.export;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.Hardness;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.SampleId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** What becomes of a sample in a format. */
public sealed interface Fit {

  /**
   * A sample that the format carries.
   *
   * @param carried the sample as a reader of the export gets it. Its source, size, digest, times,
   *     measures and origin say nothing: a reader finds them out anew
   * @param annotations of each of the exported sample's annotations, in their order, what the
   *     reader gets; empty for one that the format drops. Those that are there are the annotations
   *     of {@code carried}
   */
  record Taken(Sample carried, List<Optional<Annotation>> annotations) implements Fit {
    public Taken {
      requireNonNull(carried, "carried is null");
      annotations = List.copyOf(annotations);
      carried = carried.withAnnotations(annotations.stream().flatMap(Optional::stream).toList());
    }
  }

  /**
   * A sample that the format cannot carry at all.
   *
   * @param message why, in a sentence
   */
  record LeftOut(LeftOutReason reason, String message) implements Fit {
    public LeftOut {
      requireNonNull(reason, "reason is null");
      requireNonNull(message, "message is null");
    }
  }

  /** A format that carries all of a sample. */
  static Taken whole(Sample sample) {
    return taken(sample, sample.annotations(), Optional::of);
  }

  /**
   * A sample of which the format carries each annotation for itself.
   *
   * @param carried what the format carries of the sample besides its annotations
   * @param annotations of the exported sample
   * @param carries what the reader gets of an annotation
   */
  static Taken taken(
      Sample carried,
      List<Annotation> annotations,
      Function<Annotation, Optional<Annotation>> carries) {
    List<Optional<Annotation>> each = new ArrayList<>(annotations.size());
    annotations.forEach(annotation -> each.add(carries.apply(annotation)));
    return new Taken(carried, each);
  }

  static LeftOut leftOut(LeftOutReason reason, String template, Object... arguments) {
    return new LeftOut(reason, String.format(Locale.ROOT, template, arguments));
  }

  /**
   * The sample with nothing but its source, its kind and its annotations, as of a format that
   * describes samples by no more; its id is the one that a source has by itself.
   */
  static Sample undescribed(Sample sample) {
    return new Sample(
        SampleId.ofSource(sample.source()),
        sample.source(),
        sample.kind(),
        sample.sizeBytes(),
        sample.digest(),
        sample.createdAt(),
        sample.sourceState(),
        Optional.empty(),
        Hardness.NONE,
        Properties.EMPTY,
        sample.measures(),
        sample.annotations(),
        Optional.empty(),
        sample.origin(),
        "");
  }
}
