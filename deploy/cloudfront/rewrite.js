// Viewer request: /g/XHQGMDH and /g/xhqgmdh are both the object g/xhqgmdh.html.
// Attach to the guest site's distribution; runtime cloudfront-js-2.0.
function handler(event) {
  var request = event.request;
  var page = /^\/g\/([A-Za-z0-9-]+)$/.exec(request.uri);
  if (page) {
    request.uri = '/g/' + page[1].toLowerCase() + '.html';
  }
  return request;
}
