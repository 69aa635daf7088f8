package io.millrace.training.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.training.gang.GangNode;
import io.millrace.training.gang.RendezvousPorts;
import io.millrace.training.gang.SupervisedProcess;
import io.millrace.training.resource.NodeGauge;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node that an agent looks after. */
final class AgentNode implements GangNode {
  private static final Logger LOG = LoggerFactory.getLogger(AgentNode.class);

  private final AgentConnection connection;
  private final String python;

  AgentNode(AgentConnection connection, String python) {
    this.connection = connection;
    this.python = python;
  }

  @Override
  public String host() {
    return connection.hello().host();
  }

  @Override
  public String address() {
    return connection.hello().address();
  }

  @Override
  public String python() {
    return python;
  }

  @Override
  public List<String> devices() {
    return connection.hello().devices();
  }

  @Override
  public Map<String, String> environment(int processes) {
    AgentHello hello = connection.hello();
    Map<String, String> variables = new TreeMap<>();
    variables.put("PYTHONUNBUFFERED", "1");
    variables.put("OMP_NUM_THREADS", Integer.toString(Math.max(1, hello.cores() / processes)));
    if (!hello.networkInterface().isEmpty()) {
      variables.put("GLOO_SOCKET_IFNAME", hello.networkInterface());
      variables.put("NCCL_SOCKET_IFNAME", hello.networkInterface());
    }
    variables.keySet().removeAll(hello.variablesSet());
    if (!hello.pythonPath().isEmpty()) {
      variables.put("PYTHONPATH", hello.pythonPath());
    }
    return variables;
  }

  @Override
  public PortHold holdPort() throws IOException {
    ObjectNode request = request("hold_port");
    ArrayNode candidates = request.putArray("candidates");
    RendezvousPorts.candidates(new SecureRandom()).forEach(candidates::add);
    int port = connection.call(request).path("port").asInt();
    if (port == 0) {
      throw new IOException(RendezvousPorts.noneFree(" on " + host()));
    }
    return new PortHold() {
      @Override
      public int number() {
        return port;
      }

      @Override
      public void close() {
        try {
          connection.call(request("give_port").put("port", port));
        } catch (IOException e) {
          LOG.debug("The port {} is given back by the end of the agent: {}", port, e.getMessage());
        }
      }
    };
  }

  @Override
  public SupervisedProcess start(ProcessOrder order) throws IOException {
    return connection.start(order);
  }

  @Override
  public CommandResult run(List<String> command, Duration timeout) throws IOException {
    ObjectNode request = request("run").put("timeout", timeout.toMillis() / 1000.0);
    ArrayNode words = request.putArray("command");
    command.forEach(words::add);
    JsonNode done = connection.call(request, timeout.plusSeconds(10));
    return new CommandResult(done.path("exit_code").asInt(), done.path("output").asText());
  }

  @Override
  public Optional<String> vitalsProblem() {
    return connection.hello().vitalsProblem();
  }

  @Override
  public NodeGauge gauge() {
    return new AgentGauge(connection);
  }

  private static ObjectNode request(String call) {
    return JsonNodeFactory.instance.objectNode().put("call", call);
  }
}
