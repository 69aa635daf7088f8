package io.millrace.training.resource;

/** What is sampled, always in percent, by the names that ModelArts shows. */
public enum Usage {
  /**
   * CPU time. Of a node: of its share of the cores, that is all that it may use divided by the
   * run's nodes on the machine; above 100 where it takes more than its share. Of a machine: of all
   * cores.
   */
  CPU("cpuUsage"),
  /** Resident memory, of the machine's. */
  MEMORY("memUsage"),
  GPU("gpuUtil"),
  GPU_MEMORY("gpuMemUsage"),
  /** The cube and vector units of an Ascend device ({@code AICore}). */
  NPU("npuUtil"),
  /** Of an Ascend device: its HBM, or its DDR if it has none. */
  NPU_MEMORY("npuMemUsage");

  private final String field;

  Usage(String field) {
    this.field = field;
  }

  /** As ModelArts names it: {@code cpuUsage}. */
  public String field() {
    return field;
  }
}
