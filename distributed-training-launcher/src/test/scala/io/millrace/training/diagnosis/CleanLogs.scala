package io.millrace.training.diagnosis

/** Logs of runs that went well, with what frameworks print nevertheless. */
object CleanLogs {

  /** Data-parallel training with PyTorch, 2 nodes of 2 processes. */
  val torch: Seq[String] =
    """[ModelArts Service Log][2026-08-03T10:00:00Z][worker-0] Downloading training code
      |[ModelArts Service Log][2026-08-03T10:00:01Z][worker-0] [duration: 0.4 s] Training code downloaded: 12 files, 137139 bytes
      |[ModelArts Service Log][2026-08-03T10:00:01Z][worker-0] Training started
      |W0803 10:00:02.313000 4711 torch/distributed/run.py:793] Setting OMP_NUM_THREADS environment variable for each process to be 1 in default, to avoid your system being overloaded, please further tune the variable for optimal performance in your application as needed.
      |[W803 10:00:03.120552 socket.cpp:697] [c10d] The client socket has failed to connect to [localhost]:29500 (errno: 99 - Cannot assign requested address).
      |[W socket.cpp:601] [c10d] The IPv6 network addresses of (worker-0, 29500) cannot be retrieved (gai error: -2 - Name or service unknown).
      |worker-0:534:534 [0] NCCL INFO Bootstrap : Using eth0:10.0.0.11<0>
      |worker-0:534:534 [0] NCCL INFO NET/Plugin: Plugin load returned 2 : libnccl-net.so: cannot open shared object file: No such file or directory : when loading libnccl-net.so
      |worker-0:534:534 [0] NCCL INFO NET/Plugin: Failed to find ncclNetPlugin_v8 symbol.
      |worker-0:534:534 [0] NCCL INFO NET/IB : No device found.
      |worker-0:534:534 [0] NCCL INFO NCCL_SOCKET_IFNAME set by environment to eth0
      |worker-0:534:534 [0] NCCL INFO 16 coll channels, 0 collnet channels, 16 nvls channels, 16 p2p channels, 2 p2p channels per peer
      |worker-0:534:534 [0] NCCL INFO ncclCommInitRank comm 0xbde4170 rank 0 nranks 4 cudaDev 0 nvmlDev 0 busId 80 commId 0x7fc852296fe0f6fb - Init COMPLETE
      |2026-08-03 10:00:04.102: W tensorflow/stream_executor/platform/default/dso_loader.cc:64] Could not load dynamic library 'libcudart.so.11.0'; dlerror: libcudart.so.11.0: cannot open shared object file: No such file or directory
      |/opt/conda/lib/python3.11/site-packages/torchvision/io/image.py:13: UserWarning: Failed to load image Python extension: 'libjpeg.so.9'
      |/opt/conda/lib/python3.11/site-packages/torch/optim/lr_scheduler.py:227: UserWarning: Detected call of `lr_scheduler.step()` before `optimizer.step()`.
      |WARNING: No module named 'apex', using native mixed precision
      |[rank0]:[W803 10:00:05.1 reducer.cpp:1457] Warning: find_unused_parameters=True was specified in DDP constructor, but did not find any unused parameters in the forward pass.
      |[rank0]:[W803 10:00:05.2 ProcessGroupNCCL.cpp:4115] [PG ID 0 PG GUID 0 Rank 0] using GPU 0 to perform barrier as devices used by this process are currently unknown.
      |/usr/lib/python3.11/multiprocessing/popen_fork.py:66: DeprecationWarning: This process is multi-threaded, use of fork() may lead to deadlocks in the child.
      |This DataLoader will create 8 worker processes in total. Our suggested max number of worker in current system is 4.
      |huggingface/tokenizers: The current process just got forked, after parallelism has already been used.
      |Grad scaler: skipped a step, loss scale is now 32768.0
      |loss=nan_to_num(ce) max_memory_allocated=40.1 GiB memory_limit=80 GiB
      |Killed 3 outliers of 137139 boxes, 0 errors, 0 failed
      |""".stripMargin.linesIterator.toSeq ++
      (0 until 150).flatMap(epoch => Seq(
        f"[rank 0] epoch $epoch%d/150 step ${epoch * 139}%d loss ${2.0 / (epoch + 1)}%.4f error_rate ${0.9 / (epoch + 1)}%.4f lr 1.37e-04 mem 31139MB",
        s"[rank 1] epoch [$epoch][137/139] Data Time 0.000(0.147) Net Time 0.705 Loss 0.3364",
        s"\r${epoch * 100 / 150}%|#####     | $epoch/150 [00:01<00:09, 14.28it/s, killed=0, timeout=1800]")) ++
      """[rank 0] saved checkpoint /home/ma-user/modelarts/outputs/train_url_0/epoch_137.pt (139 MiB)
        |[rank0]:[W803 11:00:05.2 ProcessGroupNCCL.cpp:1250] Warning: WARNING: process group has NOT been destroyed before we destruct ProcessGroupNCCL.
        |[rank 0] best accuracy 0.937, exit code 0, 0 errors, 0 aborted, 0 killed
        |[ModelArts Service Log][2026-08-03T11:00:06Z][worker-0] Training ended, exit code 0
        |""".stripMargin.linesIterator.toSeq

  /** Training with MindSpore on Ascend, started as a dynamic cluster. */
  val mindspore: Seq[String] =
    """[WARNING] DISTRIBUTED(2143,7f3a,python):2026-08-03-10:00:00.120.552 [mindspore/ccsrc/distributed/cluster/topology/compute_graph_node.cc:182] Register] Failed to connect to the meta server node url: 127.0.0.1:8118
      |[WARNING] DISTRIBUTED(2143,7f3a,python):2026-08-03-10:00:00.620.552 [mindspore/ccsrc/distributed/cluster/topology/compute_graph_node.cc:390] ReconnectWithTimeoutWindow] Failed to register and try to reconnect to the meta server.
      |[WARNING] DISTRIBUTED(2143,7f3a,python):2026-08-03-10:00:01.120.552 [mindspore/ccsrc/distributed/cluster/topology/meta_server_node.cc:98] Finalize] Cluster currently has 8 alive nodes.
      |[WARNING] ME(2143:281472916631776,MainProcess):2026-08-03-10:00:02.273.000 [mindspore/train/serialization.py:1378] For 'load_param_into_net', 2 parameters in the 'net' are not loaded, because they are not in the 'parameter_dict', please check whether the network structure is consistent when training and loading checkpoint.
      |[WARNING] ME(2143:281472916631776,MainProcess):2026-08-03-10:00:02.400.000 [mindspore/train/model.py:1328] For MFLossMonitor callback, {'step_end', 'epoch_end'} methods may not be supported in later version, Use methods prefixed with 'on_train' or 'on_eval' instead when using customized callbacks.
      |[WARNING] MD(2143,ffff8535b0e0,python):2026-08-03-10:00:03.1 [mindspore/ccsrc/minddata/dataset/engine/datasetops/data_queue_op.cc:163] operator()] Bad performance attention, it takes more than 25 seconds to generate a batch of data.
      |[WARNING] DEVICE(2143,ffff8535b0e0,python):2026-08-03-10:00:03.2 [ascend_memory_adapter.cc:112] Initialize] Reserved memory size for other components(1073741824) is less than recommend size(4073724928), It may lead to Out Of Memory in HCCL or other components, Please double check context key 'variable_memory_max_size'/'max_device_memory'
      |[INFO] HCCL_CONNECT_TIMEOUT set to 1800, HCCL_EXEC_TIMEOUT 1800, RANK_TABLE_FILE=/user/config/jobstart_hccl.json
      |""".stripMargin.linesIterator.toSeq ++
      (1 to 160).flatMap(epoch => Seq(
        s"epoch: $epoch step: 139, loss is ${1.37 / epoch}",
        s"Train epoch time: 13${epoch}7.139 ms, per step time: 137.139 ms")) ++
      Seq("epoch: 137 accuracy: {'top_1_accuracy': 0.139, 'error': 0.861}", "Training ends, return code: 0")

  /** Words that look like trouble. */
  val words: Seq[String] = Seq(
    "0 errors, 0 warnings",
    "error_rate: 0.137, mean_error=0.139",
    "Loss is 0.00137, no nan found",
    "timeout=1800 retries=3 port=29500",
    "class 'killer whale': 134 images, class 'segmentation fault line': 143",
    "out_of_memory_fallback: disabled",
    "Connection established to peer 10.0.0.12",
    "loaded 139 parameters, exit code of hook: 0",
    "evaluating KeyError handling: ok",
    "permission bits 0755, disk 71% used, space left: 812 GB")
}
