// A program's way into a room: one POST of an offer with a single audio line, so that it is sent a mix.
async ([code, name]) => {
  const connection = new RTCPeerConnection();
  const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  connection.addTransceiver(microphone.getAudioTracks()[0], { direction: "sendrecv" });
  connection.ontrack = ({ track }) => {
    const player = new Audio();
    player.srcObject = new MediaStream([track]);
    player.play();
  };
  const connected = new Promise((resolve, reject) => {
    connection.onconnectionstatechange = () => {
      if (connection.connectionState === "connected") resolve();
      if (connection.connectionState === "failed") reject(new Error("failed"));
    };
  });
  await connection.setLocalDescription();
  const response = await fetch(`/v1/rooms/${code}/participants?name=${encodeURIComponent(name)}&user_id=robot-7`, {
    method: "POST",
    headers: { "content-type": "application/sdp" },
    body: connection.localDescription.sdp,
  });
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
  await connection.setRemoteDescription({ type: "answer", sdp: await response.text() });
  await connected;
  return [response.headers.get("content-type"), response.headers.get("location")];
}
