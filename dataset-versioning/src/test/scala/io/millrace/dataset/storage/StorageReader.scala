package io.millrace.dataset.storage

import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.Path

import scala.jdk.CollectionConverters._
import scala.util.Using

import io.millrace.dataset.StorageUri

/** Reads an object with what its process is told, and prints it. */
object StorageReader {
  def main(arguments: Array[String]): Unit = {
    val uri = StorageUri.parse(arguments(0))
    Using.resource(ObjectStores.of(uri).open(uri))(_.transferTo(System.out))
    System.out.flush()
  }

  /** What a fresh process reads that has these variables in the place of those about Amazon. */
  def inProcess(uri: StorageUri, environment: Map[String, String]): String = {
    val runtime = Path.of(sys.props("java.home"), "bin", "java").toString
    val builder = new ProcessBuilder(runtime, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
      sys.props("java.class.path"), "io.millrace.dataset.storage.StorageReader", uri.value)
      .redirectError(ProcessBuilder.Redirect.INHERIT)
    builder.environment.keySet.removeIf(_.startsWith("AWS_"))
    builder.environment.putAll(environment.asJava)
    val process = builder.start()
    val output = new String(process.getInputStream.readAllBytes, UTF_8)
    if (process.waitFor() != 0) throw new IllegalStateException(s"$uri cannot be read: $output")
    output
  }
}
