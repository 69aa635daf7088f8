package io.millrace.dataset.split;

import io.millrace.dataset.Usage;
import java.io.Serializable;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The parts of samples by their ids; a sample that is not in it belongs to none. Takes the ids'
 * bytes and 5 to 9 bytes a sample, so that it can be sent to every executor.
 */
public final class PartTable implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Sides sides;
  private final PackedTexts ids;
  private final byte[] sideOf;

  PartTable(Sides sides, PackedTexts ids, byte[] sideOf) {
    this.sides = sides;
    this.ids = ids;
    this.sideOf = sideOf;
  }

  /** How many samples belong to a part. */
  public int size() {
    return ids.size();
  }

  /** The usage that the sample is to have. */
  public Optional<Usage> usage(String id) {
    int number = ids.find(id);
    return number < 0 ? Optional.empty() : sides.usage(sideOf[number]);
  }

  /** The fold that the sample is in. */
  public OptionalInt fold(String id) {
    int number = ids.find(id);
    return number < 0 ? OptionalInt.empty() : sides.fold(sideOf[number]);
  }
}
