package io.millrace.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which ways to start processes go with which frameworks, devices and kinds of code. */
final class LayoutRules {
  private LayoutRules() {}

  /** What does not go together, a sentence each. */
  static List<String> problems(
      Algorithm algorithm,
      Framework framework,
      DeviceType deviceType,
      ProcessLayout layout,
      TrainingMode mode) {
    List<String> problems = new ArrayList<>();
    boolean forPyTorch =
        layout == ProcessLayout.PROCESS_PER_DEVICE || layout == ProcessLayout.TORCHRUN;
    if (forPyTorch && framework == Framework.MINDSPORE) {
      problems.add(
          "Invalid launch: %s is PyTorch's, and the framework is MindSpore (use dynamic-cluster, msrun or, on NPUs, rank-table)."
              .formatted(layout.displayName()));
    }
    boolean forMindSpore =
        layout == ProcessLayout.RANK_TABLE
            || layout == ProcessLayout.DYNAMIC_CLUSTER
            || layout == ProcessLayout.MSRUN;
    if (forMindSpore && framework == Framework.PYTORCH) {
      problems.add(
          "Invalid launch: %s is MindSpore's, and the framework is PyTorch (use process-per-node, process-per-device or torchrun)."
              .formatted(layout.displayName()));
    }
    if (layout == ProcessLayout.RANK_TABLE && deviceType != DeviceType.NPU) {
      problems.add(
          "Invalid launch: a rank table lists Ascend devices, and the device type is %s (use dynamic-cluster or msrun)."
              .formatted(deviceType.name().toLowerCase(Locale.ROOT)));
    }
    if (layout.isByTool() && algorithm instanceof Algorithm.UserCommand) {
      problems.add(
          "Invalid launch: %s starts a boot file, and the job has a user-command (use process-per-node and start %s in the command)."
              .formatted(layout.displayName(), layout.displayName()));
    }
    if (mode != TrainingMode.NORMAL
        && !(framework == Framework.MINDSPORE && deviceType == DeviceType.NPU)) {
      problems.add(
          "Invalid mode: %s is for MindSpore on NPUs only (use normal)."
              .formatted(mode.name().toLowerCase(Locale.ROOT)));
    }
    return problems;
  }
}
