package io.millrace.training.resource;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What one device did at a moment.
 *
 * @param index as its own tool counts
 * @param utilisation in percent; empty where the tool does not tell, as of a GPU that is divided
 * @param memory used, in percent; empty where the tool does not tell
 */
public record DeviceLoad(Kind kind, int index, OptionalDouble utilisation, OptionalDouble memory) {

  /** The kinds of devices that are known. */
  public enum Kind {
    GPU(Usage.GPU, Usage.GPU_MEMORY),
    NPU(Usage.NPU, Usage.NPU_MEMORY);

    private final Usage utilisation;
    private final Usage memory;

    Kind(Usage utilisation, Usage memory) {
      this.utilisation = utilisation;
      this.memory = memory;
    }

    /** What its utilisation counts as. */
    public Usage utilisation() {
      return utilisation;
    }

    /** What its memory counts as. */
    public Usage memory() {
      return memory;
    }
  }

  public DeviceLoad {
    requireNonNull(kind, "kind is null");
    checkArgument(index >= 0, "Invalid number of a device: %s", index);
    checkPercent("utilisation", utilisation);
    checkPercent("memory", memory);
  }

  private static void checkPercent(String what, OptionalDouble percent) {
    checkArgument(
        percent.isEmpty() || (percent.getAsDouble() >= 0 && percent.getAsDouble() <= 100),
        "Invalid %s of a device: %s (expected 0 to 100)",
        what,
        percent);
  }

  /** For people: {@code gpu 0}. */
  public String name() {
    return kind.name().toLowerCase(Locale.ROOT) + " " + index;
  }
}
