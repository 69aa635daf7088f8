package io.millrace.ingestion.layout;

import io.millrace.dataset.Usage;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.layout.LayoutEntry.ImageSet;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The sets that an image belongs to; none where no list names it. */
record SetMembership(Set<ImageSet> sets) {
  SetMembership {
    sets = Set.copyOf(sets);
  }

  static SetMembership of(Collection<ImageSet> sets) {
    return new SetMembership(Set.copyOf(sets));
  }

  boolean isEmpty() {
    return sets.isEmpty();
  }

  /** The usage of the set that lists the image; of several, the first of train, val, test. */
  Optional<Usage> usage() {
    return sets.stream().sorted().findFirst().map(ImageSet::usage);
  }

  /** That several sets list the image, if so. */
  List<Note> notes() {
    Set<ImageSet> distinct = EnumSet.noneOf(ImageSet.class);
    distinct.addAll(sets);
    if (sets.contains(ImageSet.TRAIN) || sets.contains(ImageSet.VAL)) {
      distinct.remove(ImageSet.TRAINVAL);
    }
    return distinct.size() > 1 ? List.of(Note.IN_SEVERAL_SETS) : List.of();
  }
}
