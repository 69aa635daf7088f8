package io.millrace.training.kubernetes;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a pod asks of the machine it runs on, as Kubernetes' quantities: {@code 8}, {@code 500m},
 * {@code 64Gi}.
 *
 * @param device name of the resource that devices are counted by; empty for jobs on CPUs
 * @param sharedMemory size of {@code /dev/shm}, which data loaders and NCCL use; counts as memory
 */
public record NodeResources(
    Optional<String> device,
    Optional<String> cpu,
    Optional<String> memory,
    Optional<String> sharedMemory) {
  /** NVIDIA's device plugin's. */
  public static final String NVIDIA_GPU = "nvidia.com/gpu";

  /** Of Ascend devices on Huawei's Cloud Container Engine. */
  public static final String CCE_ASCEND = "huawei.com/ascend-1980";

  private static final Pattern RESOURCE = Pattern.compile("[a-z0-9.-]+/[A-Za-z0-9._-]{1,63}");
  private static final Pattern QUANTITY =
      Pattern.compile("\\d+(\\.\\d+)?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?");

  public NodeResources {
    requireNonNull(device, "device is null");
    device.ifPresent(
        name ->
            checkArgument(
                RESOURCE.matcher(name).matches(),
                "Invalid device resource: '%s' (expected DOMAIN/NAME such as nvidia.com/gpu)",
                name));
    for (Optional<String> each : List.of(cpu, memory, sharedMemory)) {
      each.ifPresent(
          text ->
              checkArgument(
                  QUANTITY.matcher(text).matches(),
                  "Invalid quantity: '%s' (expected a number with a unit such as 500m or 64Gi)",
                  text));
    }
  }

  /** For jobs on CPUs; nothing else is asked for. */
  public static NodeResources cpuOnly() {
    return new NodeResources(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Devices of that resource; nothing else is asked for. */
  public static NodeResources of(String device) {
    return new NodeResources(
        Optional.of(device), Optional.empty(), Optional.empty(), Optional.empty());
  }

  public NodeResources withCpu(String quantity) {
    return new NodeResources(device, Optional.of(quantity), memory, sharedMemory);
  }

  public NodeResources withMemory(String quantity) {
    return new NodeResources(device, cpu, Optional.of(quantity), sharedMemory);
  }

  public NodeResources withSharedMemory(String quantity) {
    return new NodeResources(device, cpu, memory, Optional.of(quantity));
  }

  boolean asksForNothing() {
    return Stream.of(device, cpu, memory).allMatch(Optional::isEmpty);
  }
}
