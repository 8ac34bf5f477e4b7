// Joins by the token that an API handed out, as a web application does it with /roomline.js.
async ([token, name]) => {
  const { join } = await import("/roomline.js");
  window.joined = await join({ token, name });
  window.ended = new Promise((resolve) => window.joined.on("ended", (event) => resolve(event?.reason ?? "ended")));
  return true;
}
