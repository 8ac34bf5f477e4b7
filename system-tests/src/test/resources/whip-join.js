// A publisher by WHIP or a listener by WHEP: one POST of an offer, as any client of those does it. What it leaves on the page restarts
// ICE and ends the session.
async ([endpoint, direction]) => {
  const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  const sends = direction !== "recvonly";
  const track = sends ? (await navigator.mediaDevices.getUserMedia({ audio: true })).getAudioTracks()[0] : "audio";
  connection.addTransceiver(track, { direction });
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
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "content-type": "application/sdp" },
    body: connection.localDescription.sdp,
  });
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
  let answer = await response.text();
  await connection.setRemoteDescription({ type: "answer", sdp: answer });
  await connected;
  const session = response.headers.get("location");
  let tag = response.headers.get("etag");

  const attribute = (sdp, name) => sdp.match(new RegExp(`^a=${name}:(.*?)\\r?$`, "m"))[1];
  const fragment = (sdp) =>
    ["m=audio 9 UDP/TLS/RTP/SAVPF 111", `a=mid:${attribute(sdp, "mid")}`, `a=ice-ufrag:${attribute(sdp, "ice-ufrag")}`, `a=ice-pwd:${attribute(sdp, "ice-pwd")}`, ""].join("\r\n");
  const patch = (condition) =>
    fetch(session, {
      method: "PATCH",
      headers: { "content-type": "application/trickle-ice-sdpfrag", "if-match": condition },
      body: fragment(connection.localDescription.sdp),
    });

  window.whip = {
    trickle: async () => (await patch(tag)).status,
    // The pair that carries the media after it is another: told by the user name of the remote candidate.
    restart: async () => {
      connection.restartIce();
      await connection.setLocalDescription();
      const stale = await patch('"of-another-session"');
      const restarted = await patch("*");
      if (restarted.status !== 200) throw new Error(`${restarted.status} ${await restarted.text()}`);
      const ours = await restarted.text();
      const changed = restarted.headers.get("etag") !== tag;
      tag = restarted.headers.get("etag");
      for (const name of ["ice-ufrag", "ice-pwd"]) {
        answer = answer.replace(`a=${name}:${attribute(answer, name)}`, `a=${name}:${attribute(ours, name)}`);
      }
      const again = new Promise((resolve) => {
        const look = () => ["connected", "completed"].includes(connection.iceConnectionState) && resolve();
        connection.oniceconnectionstatechange = look;
        setTimeout(look, 1000);
      });
      await connection.setRemoteDescription({ type: "answer", sdp: answer });
      await again;
      return [stale.status, changed];
    },
    end: async () => (await fetch(session, { method: "DELETE" })).status,
  };
  return [session, attribute(answer, "ice-ufrag") === tag.replaceAll('"', ""), answer];
}
