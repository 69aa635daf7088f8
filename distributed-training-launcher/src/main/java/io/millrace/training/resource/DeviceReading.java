package io.millrace.training.resource;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** What came of asking the vendors' tools of one machine. */
public sealed interface DeviceReading {

  /** All devices that they told of. */
  record Read(List<DeviceLoad> devices) implements DeviceReading {
    public Read {
      devices = List.copyOf(devices);
    }
  }

  /** One of them failed, did not answer or said something else; {@code why} names it. */
  record Failed(String why) implements DeviceReading {
    public Failed {
      requireNonNull(why, "why is null");
    }
  }

  /** The machine has none of them. */
  record NoTool() implements DeviceReading {}
}
