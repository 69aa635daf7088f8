package io.millrace.inference.vision;

/** Which colour a model takes first. */
public enum ColorOrder {
  RGB {
    @Override
    int channelInBgr(int channel) {
      return ImagePreparation.CHANNELS - 1 - channel;
    }
  },
  BGR {
    @Override
    int channelInBgr(int channel) {
      return channel;
    }
  };

  /** Where OpenCV, which keeps pixels as BGR, has this channel. */
  abstract int channelInBgr(int channel);
}
