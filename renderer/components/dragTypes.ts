/** What is dragged inside the window, told apart by type. A picture carries its id. */
export const imageDragType = 'application/x-storyloom-image';
export const nodeDragType = 'application/x-storyloom-node';
