package io.millrace.dataset.storage

import java.io.IOException

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.StorageUri

/** Against HDFS of one data node. */
class HdfsObjectStoreSuite extends AnyFunSuite with ObjectStoreBehaviors {
  override protected def freshDirectory(): (ObjectStore, StorageUri) = {
    val directory = HdfsServer.freshDirectory()
    (ObjectStores.of(directory), directory)
  }

  objectStore()

  test("ING-1 hdfs - a host that nobody knows, a port that nobody listens at - fail fast, in one sentence") {
    Seq("hdfs://no-such-host.invalid:8020/d" -> "its host is unknown. Check the endpoint",
      "hdfs://127.0.0.1:1/d" -> "nothing answers there").foreach { case (address, said) =>
      val directory = StorageUri.parse(address)
      val quick = ProcessSettings.and(java.util.Map.of("ipc.client.connect.retry.interval", "10"))
      val error = intercept[IOException](ObjectStores.of(directory, quick).list(directory))
      assert(error.getMessage.startsWith(s"Cannot look up $directory: $said"))
      assert(error.getMessage.linesIterator.size == 1)
    }
  }

  private def ProcessSettings = StorageSettings.of(_ => null, java.util.Map.of())
}
