// A program's way into a room: one POST of an offer with a single audio line, so that it is sent a mix. Where a port is given, the
// server is reached through it.
async ([code, name, port]) => {
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
  const answer = await response.text();
  const sdp = port ? answer.replace(/^(a=candidate:\S+ 1 udp \d+ \S+) \d+/gm, `$1 ${port}`) : answer;
  await connection.setRemoteDescription({ type: "answer", sdp });
  await connected;
  return [response.headers.get("content-type"), response.headers.get("location")];
}
