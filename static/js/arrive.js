// @ts-check
// Goes on by this page's own wish, so that the browser sends the cookie that it keeps back from other sites' links.
// The fragment, in which a shared link has what it shows, goes along.
const onward = document.getElementById("onward");
if (onward instanceof HTMLAnchorElement) location.replace(onward.href + location.hash);
