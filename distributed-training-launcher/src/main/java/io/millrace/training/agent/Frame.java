package io.millrace.training.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What launcher and agent send each other: {@code node_agent.py} describes the form. */
final class Frame {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** No frame is larger, so that a stranger's bytes are not taken for a length. */
  private static final int MAX_BYTES = 1 << 26;

  /** What a frame is. */
  enum Kind {
    START(1),
    ORDERS(2),
    CALL(3),
    PING(4),
    WELCOME(5),
    HELLO(10),
    OUTPUT(11),
    STATUS(12),
    CLOSED(13),
    RESULT(14),
    PONG(15);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    private static Kind of(int code) throws IOException {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IOException("Unknown kind of frame: " + code);
    }
  }

  private final Kind kind;
  private final int channel;
  private final byte[] payload;

  /**
   * @param channel of a process or of a call; 0 for neither
   */
  Frame(Kind kind, int channel, byte[] payload) {
    this.kind = kind;
    this.channel = channel;
    this.payload = payload;
  }

  static Frame of(Kind kind, int channel, JsonNode payload) {
    return new Frame(kind, channel, payload.toString().getBytes(StandardCharsets.UTF_8));
  }

  static Frame read(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MAX_BYTES) {
      throw new IOException("Invalid length of a frame: " + length);
    }
    Kind kind = Kind.of(in.readUnsignedByte());
    int channel = in.readInt();
    byte[] payload = new byte[length];
    in.readFully(payload);
    return new Frame(kind, channel, payload);
  }

  Kind kind() {
    return kind;
  }

  int channel() {
    return channel;
  }

  byte[] payload() {
    return payload;
  }

  void write(DataOutputStream out) throws IOException {
    out.writeInt(payload.length);
    out.writeByte(kind.code);
    out.writeInt(channel);
    out.write(payload);
    out.flush();
  }

  JsonNode json() throws IOException {
    return JSON.readTree(payload);
  }
}
