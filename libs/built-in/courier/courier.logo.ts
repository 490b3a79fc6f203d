/** A van: drawn for this project. */
export const courierLogo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 64" role="img" aria-label="Courier">' +
  '<rect x="2" y="10" width="54" height="36" rx="4" fill="#1d6fb8"/>' +
  '<path d="M58 20h18a4 4 0 0 1 3.3 1.7L91 37a6 6 0 0 1 1 3.4V46H58z" fill="#12446f"/>' +
  '<path d="M64 25h11l7 10H64z" fill="#d8ebfa"/>' +
  '<path d="M12 20h26v5H12zM12 30h18v5H12z" fill="#fff"/>' +
  '<circle cx="22" cy="48" r="9" fill="#222"/><circle cx="22" cy="48" r="4" fill="#fff"/>' +
  '<circle cx="74" cy="48" r="9" fill="#222"/><circle cx="74" cy="48" r="4" fill="#fff"/>' +
  '</svg>';
