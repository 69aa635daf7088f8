package io.millrace.training.kubernetes;

import io.millrace.training.GangProcesses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the container of every node runs: a script for bash 4 or later that starts the processes of
 * its node with what the contract gives them, passes SIGTERM on to them, ends them all when one has
 * failed, and exits with the code of the one that failed first.
 *
 * @param constants variables that are the same for every process of the job; the container has them
 * @param text the script
 */
record WorkerScript(NavigableMap<String, String> constants, String text) {
  /** What device plugins and rank table controllers set in a pod is meant for it. */
  private static final Set<String> SET_BY_CLUSTERS =
      Set.of("RANK_TABLE_FILE", "DEVICE_ID", "ASCEND_DEVICE_ID");

  /** What Volcano's plugins env and svc add to a container behind its own variables. */
  private static final Set<String> VOLCANOS =
      Set.of("VC_TASK_INDEX", "VK_TASK_INDEX", "VC_WORKER_HOSTS", "VC_WORKER_NUM");

  /** Others are left to the processes: bash itself gives a meaning to some, the script to some. */
  private static final Pattern HARMLESS = Pattern.compile("(?!BASH)[A-Z][A-Z0-9]*(_[A-Z0-9]+)+");

  private static final String ASKING =
      """
      asked=no code=0 deadline=
      ask() {
        asked=yes deadline=${deadline:-$((SECONDS + grace))}
        for pid in "${pids[@]}"; do kill -TERM "$pid" 2>/dev/null; done
      }
      trap ask TERM INT
      """;

  /** A signal may have come between two starts. */
  private static final String STARTED =
      """
      [ "$asked" = yes ] && ask
      while [ "${#pids[@]}" -gt 0 ]; do
        for i in "${!pids[@]}"; do
          kill -0 "${pids[i]}" 2>/dev/null && continue
          wait "${pids[i]}"
          status=$?
          unset "pids[i]"
          [ "$status" = 0 ] && continue
          echo "[ModelArts Service Log] ${labels[i]} ended with exit code $status"
          [ "$code" = 0 ] && code=$status
          [ "$asked" = yes ] || ask
        done
        if [ -n "$deadline" ] && [ "$SECONDS" -ge "$deadline" ]; then
          for pid in "${pids[@]}"; do kill -KILL "$pid" 2>/dev/null; done
        fi
        [ "${#pids[@]}" = 0 ] && break
        sleep 0.2 &
        wait "$!"
      done
      """;

  private static final String READ_OUT =
      """
      for ((i = 0; i < 25; i++)); do
        kill -0 "${readers[@]}" 2>/dev/null || break
        sleep 0.2
      done
      rm -rf "$pipes"
      """;

  WorkerScript {
    constants = Collections.unmodifiableNavigableMap(new TreeMap<>(constants));
  }

  /**
   * Writes the script.
   *
   * @param contract with the marks for addresses
   * @param grace between SIGTERM and SIGKILL after a process has failed
   * @param preparation lines of bash that come before the processes start, where the node's place
   *     is known already
   */
  static WorkerScript of(
      NodeContract contract, HostMarks marks, Duration grace, String preparation) {
    NavigableMap<String, String> constants = constantsOf(contract, marks);
    StringBuilder text = new StringBuilder();
    text.append(preamble(contract.nodes().size(), constants.keySet()));
    text.append(preparation);
    boolean several = contract.nodes().stream().anyMatch(node -> node.size() > 1);
    text.append("grace=").append(grace.toSeconds()).append("\n");
    text.append(startFunction(several));
    text.append(ASKING);
    text.append(starts(contract, marks, constants.keySet()));
    text.append(STARTED);
    if (several) {
      text.append(READ_OUT);
    }
    text.append("exit \"$code\"\n");
    return new WorkerScript(constants, text.toString());
  }

  private static NavigableMap<String, String> constantsOf(NodeContract contract, HostMarks marks) {
    NavigableMap<String, String> constants = new TreeMap<>();
    List<NodeProcess> all = contract.nodes().stream().flatMap(List::stream).toList();
    all.get(0)
        .environment()
        .forEach(
            (name, value) -> {
              boolean everywhere =
                  all.stream().allMatch(each -> value.equals(each.environment().get(name)));
              if (everywhere
                  && !value.contains(marks.prefix())
                  && HARMLESS.matcher(name).matches()
                  && !VOLCANOS.contains(name)
                  && !GangProcesses.NEVER_INHERITED.contains(name)) {
                constants.put(name, value);
              }
            });
    return constants;
  }

  private static String preamble(int nodes, Set<String> constants) {
    Set<String> stray = new TreeSet<>(GangProcesses.NEVER_INHERITED);
    stray.removeAll(SET_BY_CLUSTERS);
    stray.removeAll(constants);
    return """
        # The place of this node, as Volcano's plugins env and svc tell it.
        node=${VC_TASK_INDEX:-$VK_TASK_INDEX}
        hosts=(${VC_WORKER_HOSTS//,/ })
        if [ -z "$node" ] || [ "${#hosts[@]}" != %d ]; then
          echo "[ModelArts Service Log] Volcano gave the node number '$node' and ${#hosts[@]} of %d addresses. Look whether its plugins env and svc work."
          exit 78
        fi
        unset %s
        """
        .formatted(nodes, nodes, String.join(" ", stray));
  }

  /** Lines of a node with several processes are marked, as the local back end marks them. */
  private static String startFunction(boolean several) {
    return several
        ? """
            pids=() labels=() readers=()
            pipes=$(mktemp -d)
            start() {
              labels+=("$1")
              mkfifo "$pipes/$1"
              sed -u "s/^/[$1] /" <"$pipes/$1" &
              readers+=("$!")
              "${@:2}" >"$pipes/$1" 2>&1 &
              pids+=("$!")
            }
            """
        : """
            pids=() labels=()
            start() {
              labels+=("$1")
              "${@:2}" &
              pids+=("$!")
            }
            """;
  }

  /** Nodes whose processes have the same form share their lines; most jobs have one form only. */
  private static String starts(NodeContract contract, HostMarks marks, Set<String> constants) {
    Map<List<Object>, List<Integer>> forms = new LinkedHashMap<>();
    for (int node = 0; node < contract.nodes().size(); node++) {
      List<Object> form = new ArrayList<>();
      for (NodeProcess process : contract.nodes().get(node)) {
        form.add(process.command().size());
        form.add(new TreeSet<>(process.environment().keySet()));
      }
      forms.computeIfAbsent(form, key -> new ArrayList<>()).add(node);
    }
    if (forms.size() == 1) {
      return startsOf(forms.values().iterator().next(), contract, marks, constants);
    }
    StringBuilder text = new StringBuilder("case $node in\n");
    for (List<Integer> nodes : forms.values()) {
      text.append(nodes.stream().map(String::valueOf).collect(Collectors.joining("|")))
          .append(")\n")
          .append(startsOf(nodes, contract, marks, constants))
          .append(";;\n");
    }
    return text.append("esac\n").toString();
  }

  /** What all processes of a node have in common is written once. */
  private static String startsOf(
      List<Integer> nodes, NodeContract contract, HostMarks marks, Set<String> constants) {
    NodeText words = new NodeText(marks);
    List<ProcessWords> processes = new ArrayList<>();
    for (int i = 0; i < contract.nodes().get(nodes.get(0)).size(); i++) {
      int place = i;
      processes.add(
          ProcessWords.of(
              nodes,
              nodes.stream().map(node -> contract.nodes().get(node).get(place)).toList(),
              words,
              constants));
    }
    Set<String> common = new TreeSet<>(processes.get(0).variables());
    processes.forEach(each -> common.retainAll(each.variables()));
    StringBuilder text = new StringBuilder();
    text.append("variables=(\n  ").append(String.join("\n  ", common)).append("\n)\n");
    String directory = "";
    String command = "";
    for (ProcessWords process : processes) {
      if (!process.directory().equals(directory)) {
        directory = process.directory();
        text.append("cd ").append(directory).append(" || exit 78\n");
      }
      if (!process.command().equals(command)) {
        command = process.command();
        text.append("command=(").append(command).append(")\n");
      }
      Set<String> own = new TreeSet<>(process.variables());
      own.removeAll(common);
      text.append("start ").append(process.label()).append(" env \"${variables[@]}\" ");
      own.forEach(each -> text.append(each).append(' '));
      text.append("\"${command[@]}\"\n");
    }
    return text.toString();
  }

  /** A process of some nodes, in words of bash. */
  private record ProcessWords(
      String label, String directory, Set<String> variables, String command) {

    static ProcessWords of(
        List<Integer> nodes, List<NodeProcess> onNodes, NodeText words, Set<String> constants) {
      Set<String> variables = new TreeSet<>();
      for (String name : onNodes.get(0).environment().keySet()) {
        if (!constants.contains(name)) {
          variables.add(
              word(nodes, onNodes, words, each -> name + "=" + each.environment().get(name)));
        }
      }
      List<String> command = new ArrayList<>();
      for (int i = 0; i < onNodes.get(0).command().size(); i++) {
        int place = i;
        command.add(word(nodes, onNodes, words, each -> each.command().get(place)));
      }
      return new ProcessWords(
          word(nodes, onNodes, words, NodeProcess::label),
          word(nodes, onNodes, words, each -> each.directory().toString()),
          variables,
          String.join(" ", command));
    }

    private static String word(
        List<Integer> nodes,
        List<NodeProcess> onNodes,
        NodeText words,
        Function<NodeProcess, String> part) {
      return words.word(nodes, onNodes.stream().map(part).toList());
    }
  }

  /**
   * A text as it must stand in a container's command or variable so that Kubernetes, which reads
   * {@code $(NAME)} there, gives it unchanged.
   */
  static String unexpanded(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char next = i + 1 < text.length() ? text.charAt(i + 1) : ' ';
      escaped.append(text.charAt(i));
      if (text.charAt(i) == '$' && (next == '$' || next == '(')) {
        escaped.append('$');
      }
    }
    return escaped.toString();
  }
}
