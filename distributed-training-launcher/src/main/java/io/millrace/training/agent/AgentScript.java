package io.millrace.training.agent;

import io.millrace.training.ShippedText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The agent's program. */
public final class AgentScript {
  private static final String NAME = "node_agent.py";

  private AgentScript() {}

  /** Its text. */
  public static String text() {
    return ShippedText.of(AgentScript.class, NAME);
  }

  /**
   * Writes it into a directory that every node sees.
   *
   * @return the file
   */
  public static Path install(Path directory) throws IOException {
    return ShippedText.install(AgentScript.class, NAME, directory);
  }

  /**
   * The command that starts an agent.
   *
   * @param node its number, or what a shell makes its number of
   * @param hosts under which the launcher can be reached, tried in order
   */
  public static List<String> command(
      String python, Path script, String node, List<String> hosts, int port) {
    List<String> command = new ArrayList<>(List.of(python, "-I", "-S", script.toString(), node));
    for (String host : hosts) {
      command.add(host);
      command.add(Integer.toString(port));
    }
    return List.copyOf(command);
  }
}
